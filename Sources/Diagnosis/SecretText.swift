/// Secrets that found their way into a text of somebody else's: libpq repeats what it could not parse, a service file
/// or a URI may hold a password, a server may repeat a token.
package enum SecretText {
    private static let mark = "<redacted>"
    /// What comes behind these, up to a blank, a quote or an ampersand, is a secret.
    private static let names = [
        "x-amz-signature=", "x-amz-security-token=", "x-amz-credential=", "password=", "pgpassword=",
        "passwd=", "sslpassword=", "aws_secret_access_key=", "aws_session_token=", "secretaccesskey=",
        "sessiontoken=", "password =", "aws_secret_access_key =", "aws_session_token =",
    ]

    /// The text without them.
    package static func redacted(_ text: String) -> String {
        guard text.utf8.contains(0x3d) || text.utf8.contains(0x40) else { return text }
        return withoutUserInformation(withoutValues(text))
    }

    private static func withoutValues(_ text: String) -> String {
        var result = Array(text.unicodeScalars)
        for name in names {
            let wanted = Array(name.unicodeScalars)
            var at = 0
            while at + wanted.count <= result.count {
                guard matches(result, at, wanted) else {
                    at += 1
                    continue
                }
                var start = at + wanted.count
                while start < result.count, result[start] == " " { start += 1 }
                let quote: Unicode.Scalar? =
                    start < result.count && (result[start] == "'" || result[start] == "\"")
                    ? result[start] : nil
                if quote != nil { start += 1 }
                var end = start
                while end < result.count, !ends(result[end], quote) { end += 1 }
                if end > start { result.replaceSubrange(start..<end, with: mark.unicodeScalars) }
                at = start + mark.unicodeScalars.count
            }
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: result)
        return String(view)
    }

    private static func ends(_ scalar: Unicode.Scalar, _ quote: Unicode.Scalar?) -> Bool {
        if let quote { return scalar == quote }
        return [" ", "&", "'", "\"", "\n", "\t", ",", ";"].contains(scalar)
    }

    private static func matches(_ text: [Unicode.Scalar], _ at: Int, _ wanted: [Unicode.Scalar]) -> Bool {
        for (offset, scalar) in wanted.enumerated()
        where text[at + offset].properties.lowercaseMapping != String(scalar) { return false }
        return true
    }

    /// `scheme://user:secret@host`: all between the colon and the last @ of the authority.
    private static func withoutUserInformation(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let scheme = rest.firstRange(of: "://") {
            result += rest[..<scheme.upperBound]
            rest = rest[scheme.upperBound...]
            let authority = rest.prefix { !$0.isWhitespace && $0 != "/" && $0 != "\"" && $0 != "?" }
            guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":")
            else { continue }
            result += authority[...colon] + mark
            rest = rest[at...]
        }
        return result + rest
    }
}
