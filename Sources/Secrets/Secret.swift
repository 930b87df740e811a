/// A value that must not be seen: a token, a password, a secret access key, a session token.
///
/// It prints, interpolates, dumps and mirrors as `<redacted>`, so that it cannot reach a log or an error
/// text by accident. The one way to the text is ``reveal()``, called in one place per use.
package struct Secret: Sendable, Hashable {
    private let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// Whether there is nothing in it; an empty secret is treated as an absent one.
    package var isEmpty: Bool { text.isEmpty }

    /// The text itself. Every call is a place where a secret leaves the program: keep them few.
    package func reveal() -> String { text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
