/// Secrets that found their way into a text of somebody else's: libpq repeats what it could not parse, a service file
/// or a URI may hold a password, a server may repeat a token.
package enum SecretText {
    private static let mark = "<redacted>"
    /// What comes behind these and an equals sign, or a colon where the name is quoted as in JSON, is a secret.
    private static let names = [
        "x-amz-signature", "x-amz-security-token", "x-amz-credential", "password", "passwd",
        "aws_secret_access_key", "aws_session_token", "secretaccesskey", "sessiontoken",
    ]

    /// The text without them.
    package static func redacted(_ text: String) -> String {
        guard text.utf8.contains(where: { [0x3d, 0x40, 0x3a, 0x25].contains($0) }) else { return text }
        let withoutValues = mayNameSecret(text) ? withoutValues(text) : text
        return holdsAddress(withoutValues) ? withoutUserInformation(withoutValues) : withoutValues
    }

    private static let nameBytes = names.map { Array($0.utf8) }
    private static let firstBytes = Set(nameBytes.map { $0[0] })

    /// Whether one of the names may stand in it. Most texts have none, and every report of thousands of tests is looked
    /// through; letters that are not plain are left to the long way.
    private static func mayNameSecret(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            for at in bytes.indices {
                guard bytes[at] < 0x80 else { return true }
                guard firstBytes.contains(bytes[at] | 0x20) else { continue }
                if nameBytes.contains(where: { begins($0, bytes[at...]) }) { return true }
            }
            return false
        }
    }

    private static func begins(_ name: [UInt8], _ bytes: some Collection<UInt8>) -> Bool {
        guard bytes.count >= name.count else { return false }
        for (wanted, found) in zip(name, bytes) {
            let isCapital = (0x41...0x5a).contains(found)
            guard wanted == (isCapital ? found | 0x20 : found) else { return false }
        }
        return true
    }

    /// Whether `://` stands in it.
    private static func holdsAddress(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            bytes.indices.dropLast(2).contains {
                bytes[$0] == 0x3a && bytes[$0 + 1] == 0x2f && bytes[$0 + 2] == 0x2f
            }
        }
    }

    /// Shorter ones are taken for the secret only where they stand as a word of their own: a password of `a` would tear
    /// every sentence to pieces, and what is left of the pieces would tell it.
    private static let leastLength = 8

    /// The text without a password that is known.
    package static func redacted(_ text: String, password: String) -> String {
        guard !password.isEmpty else { return text }
        let isShort = password.unicodeScalars.count < leastLength
        var (result, rest) = ("", Substring(text))
        while let found = rest.firstRange(of: password) {
            let before = rest[..<found.lowerBound].last ?? result.last
            let after = rest[found.upperBound...].first
            let isWord = ![before, after].contains { $0.map { $0.isLetter || $0.isNumber } ?? false }
            result += rest[..<found.lowerBound]
            result += isWord || !isShort ? mark : String(rest[found])
            rest = rest[found.upperBound...]
        }
        return result + rest
    }

    /// Whether there is none in it that can be told.
    package static func isAbsent(from text: String) -> Bool { redacted(text) == text }

    /// The text fit for a message: without what stands between a user and a host either, where no scheme tells that
    /// it is an address (`jo:secret@h.example`).
    package static func shown(_ text: String) -> String {
        let text = redacted(text)
        guard text.utf8.contains(0x40) else { return text }
        return text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            guard !word.contains("://"), let at = word.lastIndex(of: "@"),
                let colon = word[..<at].firstIndex(of: ":")
            else { return String(word) }
            return word[...colon] + mark + word[at...]
        }.joined(separator: " ")
    }

    private static func withoutValues(_ text: String) -> String {
        var result = Array(text.unicodeScalars)
        for name in names {
            let wanted = Array(name.unicodeScalars)
            var at = 0
            while at + wanted.count < result.count {
                guard matches(result, at, wanted), let start = value(in: result, of: at..<(at + wanted.count))
                else {
                    at += 1
                    continue
                }
                let range = extent(of: result, from: start)
                if !range.isEmpty { result.replaceSubrange(range, with: mark.unicodeScalars) }
                at = range.lowerBound + mark.unicodeScalars.count
            }
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: result)
        return String(view)
    }

    /// Where the value behind a name begins; nil where none does.
    private static func value(in text: [Unicode.Scalar], of name: Range<Int>) -> Int? {
        var at = name.upperBound
        // Quoted on both sides: a path that ends in passwd is quoted too.
        let isQuoted =
            at < text.count && isQuote(text[at]) && name.lowerBound > 0
            && text[name.lowerBound - 1] == text[at]
        if isQuoted { at += 1 }
        skipBlanks(text, &at)
        guard at < text.count else { return nil }
        if text[at] == "=" || text[at] == ":" && isQuoted {
            at += 1
        } else if at + 2 < text.count, text[at] == "%", text[at + 1] == "3",
            ["D", "d"].contains(text[at + 2])
        {
            at += 3
        } else {
            return nil
        }
        skipBlanks(text, &at)
        return at < text.count ? at : nil
    }

    private static func skipBlanks(_ text: [Unicode.Scalar], _ at: inout Int) {
        while at < text.count, text[at] == " " || text[at] == "\t" { at += 1 }
    }

    private static func isQuote(_ scalar: Unicode.Scalar) -> Bool { scalar == "'" || scalar == "\"" }

    /// A quoted value without its quotes, or all up to a blank or an ampersand; what a backslash stands before ends
    /// neither (libpq: "Keyword/Value Connection Strings").
    private static func extent(of text: [Unicode.Scalar], from start: Int) -> Range<Int> {
        let quote = isQuote(text[start]) ? text[start] : nil
        let first = quote == nil ? start : start + 1
        var end = first
        while end < text.count {
            if text[end] == "\\" {
                end += 2
            } else if let quote {
                if text[end] == quote { break }
                end += 1
            } else if text[end] == "&" || text[end].properties.isWhitespace {
                break
            } else {
                end += 1
            }
        }
        return first..<min(end, text.count)
    }

    private static func matches(_ text: [Unicode.Scalar], _ at: Int, _ wanted: [Unicode.Scalar]) -> Bool {
        for (offset, scalar) in wanted.enumerated() {
            let found = text[at + offset]
            // Notes of thousands of profiles are looked through: plain letters need no tables.
            if found == scalar { continue }
            if found.value < 0x80 {
                guard (0x41...0x5a).contains(found.value), found.value | 0x20 == scalar.value else {
                    return false
                }
            } else if found.properties.lowercaseMapping != String(scalar) {
                return false
            }
        }
        return true
    }

    /// `scheme://user:secret@host`: all between the colon and the last @ of the authority. A password that was not
    /// encoded may hold what ends an authority, so that a database's address is taken up to its next blank.
    private static func withoutUserInformation(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let scheme = rest.firstRange(of: "://") {
            result += rest[..<scheme.upperBound]
            rest = rest[scheme.upperBound...]
            let isDatabase =
                result.lowercased().hasSuffix("postgres://")
                || result.lowercased().hasSuffix("postgresql://")
            let authority = rest.prefix {
                !$0.isWhitespace && (isDatabase || $0 != "/" && $0 != "\"" && $0 != "?")
            }
            guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":")
            else { continue }
            result += authority[...colon] + mark
            rest = rest[at...]
        }
        return result + rest
    }
}
