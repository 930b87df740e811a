/// One of AWS's two files: sections with keys, read leniently.
///
/// The grammar is botocore's (facts/aws.md 2.3) where it accepts a file, and Go's leniency where botocore would
/// refuse it whole: a later duplicate wins, and every oddity is reported with its line.
package struct SharedFile: Sendable, Hashable {
    package struct Section: Sendable, Hashable {
        package internal(set) var values: [String: Value] = [:]
        /// Keys of a nested block, such as `s3 =` followed by indented lines.
        package internal(set) var nested: [String: [String: Value]] = [:]
        package internal(set) var line: Int
    }

    /// A line that was not understood, with what was expected. Never quotes a value.
    package struct Complaint: Sendable, Hashable {
        package var line: Int
        package var text: String
    }

    /// Sections by their header's text, as it stands between the brackets.
    package internal(set) var sections: [String: Section] = [:]
    package private(set) var complaints: [Complaint] = []

    package init(_ bytes: [UInt8] = []) {
        var parser = SharedFileParser()
        let content = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes[...]
        for line in content.split(separator: 0x0a, omittingEmptySubsequences: false) {
            parser.read(line.last == 0x0d ? line.dropLast() : line, into: &self)
        }
    }

    mutating func complain(_ line: Int, _ text: String) {
        // A file of junk must not fill the memory with complaints.
        guard complaints.count < 100 else { return }
        complaints.append(Complaint(line: line, text: text))
    }
}
