import Secrets

extension SharedFile {
    /// A key's value and where it stands. Any value may be a key of AWS, so it prints as redacted.
    package struct Value: Sendable, Hashable {
        private var content: Secret
        package let line: Int

        package var text: String { content.reveal() }

        init(_ text: String, line: Int) {
            content = Secret(text)
            self.line = line
        }

        /// A continued line.
        mutating func append(_ line: String) {
            content = Secret("\(content.reveal())\n\(line)")
        }
    }
}
