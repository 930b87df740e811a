/// Splits a command line as a POSIX shell does, as far as people paste them: quotes, backslashes and
/// continued lines. Nothing is expanded or run.
package enum ShellWords {
    /// The words; nil where a quote is not closed.
    ///
    /// - Parameter ofFirstCommand: only those before a `;`, a pipe, a redirection or a comment, which are the shell's.
    package static func split(_ text: String, ofFirstCommand: Bool = false) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var characters = Array(text)[...]
        while let character = characters.popFirst() {
            if let open = quote {
                if character == open {
                    quote = nil
                } else if character == "\\", open == "\"", let next = characters.first,
                    "\"\\$`".contains(next)
                {
                    word?.append(next)
                    characters = characters.dropFirst()
                } else {
                    word?.append(character)
                }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if ofFirstCommand, ends(at: character, word, characters.first) {
                // What stands before a redirection is the number of a file, not a word.
                if "<>".contains(character), word?.allSatisfy(\.isNumber) == true { word = nil }
                break
            } else if character == "\\" {
                guard let next = characters.popFirst() else { break }
                if next.isNewline { continue }
                word = (word ?? "") + String(next)
            } else if character.isWhitespace {
                if let finished = word { words.append(finished) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { return nil }
        if let finished = word { words.append(finished) }
        return words
    }

    /// Whether a shell ends a command at an unquoted character; a `&` within a word is a URI's.
    private static func ends(at character: Character, _ word: String?, _ next: Character?) -> Bool {
        switch character {
        case ";", "|", "<", ">": true
        case "&": word == nil || next == "&"
        case "#": word == nil
        default: false
        }
    }

    /// Whether a shell would put something else for a part of the text: a variable or a command's output.
    package static func expands(_ text: String) -> Bool {
        var quote: Character?
        var characters = Array(text)[...]
        while let character = characters.popFirst() {
            if character == "\\", quote != "'" {
                _ = characters.popFirst()
            } else if character == quote {
                quote = nil
            } else if quote == nil, character == "'" || character == "\"" {
                quote = character
            } else if quote != "'" {
                if character == "`" { return true }
                if character == "$", let next = characters.first,
                    next == "{" || next == "(" || next == "_" || next.isLetter
                {
                    return true
                }
            }
        }
        return false
    }

    /// A text as one word for commands that people copy: in quotes only where it needs them.
    package static func word(_ text: String) -> String {
        let plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.@+=:/"
        return text.isEmpty || !text.allSatisfy(plain.contains) ? quoted(text) : text
    }

    /// A text as one word, in single quotes, as every POSIX shell reads it.
    package static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
