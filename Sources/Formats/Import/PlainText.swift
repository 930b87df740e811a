/// The bytes of a file as text.
package enum PlainText {
    /// Why bytes are not text, with what to do.
    package struct Unreadable: Error, Sendable, Hashable { package var text: String }

    /// Reads UTF-8, with a byte order mark or without, and UTF-16 with one. Line ends of every kind become `\n`.
    ///
    /// - Throws: ``Unreadable`` that names the line.
    package static func decode(_ bytes: [UInt8]) throws(Unreadable) -> String {
        withLineFeeds(try decodeAsIs(bytes))
    }

    /// The same with its line ends as they are.
    ///
    /// - Throws: ``Unreadable`` that names the line.
    package static func decodeAsIs(_ bytes: [UInt8]) throws(Unreadable) -> String {
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
            return try checked(Array(utf16(bytes).utf8))
        }
        return try checked(bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes.dropFirst(3)) : bytes)
    }

    /// Line ends of every kind as `\n`.
    package static func withLineFeeds(_ text: String) -> String {
        guard text.utf8.contains(0x0d) else { return text }
        return text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    }

    private static func checked(_ bytes: [UInt8]) throws(Unreadable) -> String {
        func line(at place: Int) -> Int { bytes[..<place].count { $0 == 0x0a } + 1 }
        if let place = bytes.firstIndex(of: 0) {
            throw Unreadable(text: "line \(line(at: place)) has a NUL byte in it: this is no text file")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let place = firstInvalid(bytes)
            throw Unreadable(
                text:
                    "line \(line(at: place)) is not UTF-8 at byte \(place + 1): save the file as UTF-8 (`iconv -f LATIN1 -t UTF-8`)"
            )
        }
        return text
    }

    private static func firstInvalid(_ bytes: [UInt8]) -> Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var count = 0
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): count += UTF8.width(scalar)
            case .error: return min(count, bytes.count - 1)
            case .emptyInput: return max(0, bytes.count - 1)
            }
        }
    }

    private static func utf16(_ bytes: [UInt8]) throws(Unreadable) -> String {
        guard bytes.count % 2 == 0 else {
            throw Unreadable(text: "the file is UTF-16 and ends inside a character: it was cut off")
        }
        let littleEndian = bytes[0] == 0xff
        let units = stride(from: 2, to: bytes.count, by: 2).map { place in
            let (first, second) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
            return littleEndian ? first | second << 8 : first << 8 | second
        }
        guard let text = String(validating: units, as: UTF16.self) else {
            throw Unreadable(text: "the file begins as UTF-16 and is not: save it as UTF-8")
        }
        return text
    }
}
