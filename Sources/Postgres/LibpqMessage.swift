/// An error text of libpq under PQERRORS_VERBOSE, taken apart: what psql would show, and the SQLSTATE.
package struct LibpqMessage: Sendable, Hashable {
    /// Without the code and the place in the server's source.
    package var text: String
    /// Where the server sent one.
    package var sqlstate: String?

    /// On one line, without the line of the statement that libpq repeats and the caret below it; where that is not the
    /// first, its number stays.
    package var line: String {
        var lines: [Substring] = []
        for line in text.split(separator: "\n") {
            // By the caret: the word before the statement's line may be in any language.
            if lines.count > 1, line.last == "^", line.dropLast().allSatisfy({ $0 == " " }) {
                let number = lines.removeLast().drop { !$0.isNumber }.prefix { $0.isNumber }
                if number != "1", let said = lines.last {
                    lines[lines.count - 1] = said + " (line \(number))"
                }
            } else {
                lines.append(line)
            }
        }
        return lines.joined(separator: " ")
    }

    /// Whether what the server does not understand is one of psql's own commands, by the caret below it.
    package var pointsAtBackslash: Bool {
        let lines = text.split(separator: "\n")
        return zip(lines, lines.dropFirst()).contains { said, mark in
            mark.last == "^" && mark.dropLast().allSatisfy { $0 == " " }
                && said.dropFirst(mark.count - 1).first == "\\"
        }
    }

    /// What is wrong with the password (PostgreSQL, fe-auth.c; its documentation, "PostgreSQL Error Codes").
    package var passwordFault: PasswordFault? {
        guard let sqlstate else { return text.contains("no password supplied") ? .missing : nil }
        return sqlstate == "28P01" ? .refused : nil
    }

    /// Where several attempts failed, the code is that of the first line: a plain retry under sslmode=prefer adds
    /// a second failure, and the first is the real one (facts/aws.md section 3, number 5).
    package init(_ verbose: String) {
        var lines: [String] = []
        for line in verbose.split(separator: "\n") where !Self.isAside(line) {
            let (shown, code) = Self.withoutCode(line)
            lines.append(shown)
            if sqlstate == nil { sqlstate = code }
        }
        text = lines.joined(separator: "\n")
    }

    /// What psql shows only where it is asked to be verbose; in English, as no other language is set for libpq.
    private static func isAside(_ line: Substring) -> Bool {
        [
            "LOCATION:  ", "SCHEMA NAME:  ", "TABLE NAME:  ", "COLUMN NAME:  ", "DATATYPE NAME:  ",
            "CONSTRAINT NAME:  ",
        ]
        .contains { line.hasPrefix($0) }
    }

    /// `… FATAL:  28000: text` is `… FATAL:  text` and `28000`. The word before the colon may be in any language.
    private static func withoutCode(_ line: Substring) -> (String, String?) {
        let characters = Array(line)
        for start in characters.indices where characters[start...].starts(with: ":  ") {
            let code = characters[(start + 3)...].prefix(5)
            let end = start + 8
            guard code.count == 5, end + 1 < characters.count, characters[end] == ":",
                characters[end + 1] == " ",
                code.allSatisfy({ $0.isASCII && ($0.isNumber || ($0.isUppercase && $0.isLetter)) })
            else { continue }
            return (String(characters[..<(start + 3)] + characters[(end + 2)...]), String(code))
        }
        return (String(line), nil)
    }
}
