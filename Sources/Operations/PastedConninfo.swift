import Postgres
import Profiles

/// Lets libpq read what the user pasted: what libpq accepts is decided by libpq.
package enum PastedConninfo {
    /// The keywords of a URI or of `keyword=value` text, with secrets left empty.
    ///
    /// Parameters of a URI that libpq does not know are other programs' (`schema=public`, `pool_timeout=5`), which would
    /// make it refuse all of the text: they are left out.
    ///
    /// - Returns: what libpq read, and a line for each parameter that was left out.
    /// - Throws: ``Refusal`` with libpq's own complaint.
    package static func read(_ text: String) throws(Refusal) -> (settings: [String: String], notes: [String])
    {
        let (settings, foreign) = try parse(text)
        return (
            settings,
            foreign.map(\.key).sorted().map { "\(DialAddress.shown($0)) left out: libpq does not know it" }
        )
    }

    /// The same with a URI's parameters that libpq does not know, for a reader that leaves them out itself.
    ///
    /// - Throws: ``Refusal`` with libpq's own complaint.
    package static func settings(of text: String) throws(Refusal) -> [String: String] {
        let (settings, foreign) = try parse(text)
        return settings.merging(foreign) { own, _ in own }
    }

    private typealias Parsed = (settings: [String: String], foreign: [String: String])

    private static func parse(_ text: String) throws(Refusal) -> Parsed {
        do throws(ConninfoProblem) {
            return (settings(of: try ConninfoParser.parse(text)), [:])
        } catch {
            guard let (rest, foreign) = divided(text, among: ConninfoParser.knownKeywords()),
                let parsed = try? ConninfoParser.parse(rest)
            else { throw Refusal(.usage, "libpq cannot read that", do: error.message) }
            return (settings(of: parsed), foreign)
        }
    }

    private static func settings(of parsed: ParsedConninfo) -> [String: String] {
        // The secrets' names alone, so that whoever applies the settings says that they were dropped.
        let dropped = parsed.droppedSecrets.map { ($0, "") }
        return parsed.settings.merging(dropped) { value, _ in value }
    }

    /// A URI without the parameters that libpq does not know, and these; nil where nothing can be left out. An `@` among
    /// them is of a password that was not encoded: what it was cut into is nobody's parameter.
    private static func divided(
        _ uri: String, among known: Set<String>
    ) -> (rest: String, foreign: [String: String])? {
        guard !known.isEmpty, let scheme = uri.firstRange(of: "://") else { return nil }
        // As libpq does: before the first `/` an `@` ends the user's part, whatever that holds.
        let place = uri[scheme.upperBound...]
        let host = place.prefix { $0 != "/" }.lastIndex(of: "@") ?? place.startIndex
        guard let mark = uri[host...].firstIndex(of: "?") else { return nil }
        let query = uri[uri.index(after: mark)...]
        guard !query.contains("@") else { return nil }
        var kept: [Substring] = []
        var foreign: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let name = pair.prefix { $0 != "=" }
            guard isName(name) else { return nil }
            // `ssl=true` is libpq's own for JDBC's sake (`conninfo_uri_parse_params` of its fe-connect.c).
            if known.contains(String(name)) || pair == "ssl=true" {
                kept.append(pair)
            } else {
                foreign[String(name)] = String(pair.dropFirst(name.count + 1))
            }
        }
        guard !foreign.isEmpty else { return nil }
        return (uri[..<mark] + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&")), foreign)
    }

    private static func isName(_ text: Substring) -> Bool {
        (1...63).contains(text.utf8.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }
    }
}
