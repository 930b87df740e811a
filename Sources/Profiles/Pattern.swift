#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A regular expression of the user's, in POSIX extended form, without regard to case (IEEE Std 1003.1, 9.4).
///
/// The C library's own: thousands of names are matched before the first paint.
package final class Pattern: Sendable, Hashable {
    /// Why a text is no pattern, in the C library's words.
    package struct Malformed: Error { package var text: String }

    package let text: String
    /// `regexec` only reads it; nothing else has it.
    nonisolated(unsafe) private let compiled: UnsafeMutablePointer<regex_t>

    /// - Throws: ``Malformed``.
    package init(_ text: String) throws(Malformed) {
        self.text = text
        let expression = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
        let failure = regcomp(expression, text, REG_EXTENDED | REG_ICASE | REG_NOSUB)
        guard failure == 0 else {
            var words = [CChar](repeating: 0, count: 200)
            regerror(failure, expression, &words, words.count)
            expression.deallocate()
            throw Malformed(
                text: String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        compiled = expression
    }

    deinit {
        regfree(compiled)
        compiled.deallocate()
    }

    /// Whether it is found anywhere in a text.
    package func matches(_ text: String) -> Bool { regexec(compiled, text, 0, nil, 0) == 0 }

    package static func == (left: Pattern, right: Pattern) -> Bool { left.text == right.text }

    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
