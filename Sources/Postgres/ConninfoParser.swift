import CLibpq
import Profiles

/// Connection strings as libpq itself reads them: `keyword=value` text and URIs.
package enum ConninfoParser {
    /// Reads a text.
    ///
    /// The corresponding C function is `PQconninfoParse`.
    ///
    /// - Throws: ``ConninfoProblem`` with libpq's complaint, or where libpq is missing.
    package static func parse(_ text: String) throws(ConninfoProblem) -> ParsedConninfo {
        // C would read only up to a NUL, and the user would not see that the rest was lost.
        guard !text.utf8.contains(0) else { throw ConninfoProblem(message: "the text has a NUL byte in it") }
        do throws(LibpqFailure) { try Libpq.load() } catch { throw ConninfoProblem(message: error.message) }
        var complaint: UnsafeMutablePointer<CChar>?
        guard let options = clibpq_PQconninfoParse(text, &complaint) else {
            defer { clibpq_PQfreemem(complaint) }
            throw ConninfoProblem(message: withoutQuotations(ServerText.visible(complaint)))
        }
        defer { clibpq_PQconninfoFree(options) }
        var parsed = ParsedConninfo(settings: [:], droppedSecrets: [])
        for (keyword, value) in LibpqOptions(options) {
            if Parameters.secret.contains(keyword) {
                parsed.droppedSecrets.append(keyword)
            } else {
                parsed.settings[keyword] = value
            }
        }
        parsed.droppedSecrets.sort()
        return parsed
    }

    /// Every keyword that the loaded libpq knows; empty where there is none.
    ///
    /// The corresponding C function is `PQconndefaults`.
    package static func knownKeywords() -> Set<String> {
        guard clibpq_load() == nil, let options = clibpq_PQconndefaults() else { return [] }
        defer { clibpq_PQconninfoFree(options) }
        return LibpqOptions.keywords(options)
    }

    /// Those of some keywords that are none of the known ones, in order; none where no libpq could be asked.
    package static func unknown(_ keywords: some Sequence<String>, among known: Set<String>) -> [String] {
        known.isEmpty ? [] : keywords.filter { !known.contains($0) }.sorted()
    }

    /// libpq quotes what it stumbled over, and in a URI that may be a piece of the password. Only the name of an
    /// unknown keyword is worth keeping.
    private static func withoutQuotations(_ message: String) -> String {
        if message.contains("connection option") || message.contains("URI query parameter") {
            // `?Action=…` is how a raw token looks to libpq: its parameters are names, and they are kept short.
            return String(message.prefix(120))
        }
        let parts = message.split(separator: "\"", omittingEmptySubsequences: false)
        return parts.enumerated().filter { $0.offset % 2 == 0 }.map { String($0.element) }.joined(
            separator: "\"…\"")
    }
}
