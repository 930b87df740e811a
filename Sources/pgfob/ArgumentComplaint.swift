import ArgumentParser
import Profiles

/// What the argument parser has to say: help on stdout, complaints as one line on stderr.
struct ArgumentComplaint {
    private let error: any Error
    private let arguments: [String]

    init(_ error: any Error, arguments: [String]) {
        self.error = error
        self.arguments = arguments
    }

    /// Says it.
    ///
    /// - Returns: 0 for help, the version and completions, 2 for a wrong call.
    func tell() -> Int32 {
        // `help` of what does not exist is a mistake, not a wish for the whole help.
        if arguments.first == "help", let mistyped = mistypedSubcommand {
            Output.complain(mistyped)
            return 2
        }
        if Pgfob.exitCode(for: error) == .success {
            let text = CompletionScript.mended(Pgfob.fullMessage(for: error), for: arguments)
            Output.print(HelpText.wrapped(text))
            return 0
        }
        Output.complain(line)
        return 2
    }

    private var line: String {
        if let mistyped = mistypedSubcommand { return mistyped }
        let message = Self.oneLine(Pgfob.message(for: error))
        let subcommand = Self.path(of: arguments).map { " \($0)" }.joined()
        let sentence = message.trimmingBlanks()
        let what = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
        return
            "\(what): \(nearest(message) ?? psqlOption(message) ?? dashed(message) ?? "see `pgfob help\(subcommand)`")"
    }

    /// The subcommand that was called, behind the one that it belongs to.
    private static func path(of arguments: [String]) -> [String] {
        guard let first = arguments.first, Pgfob.names.contains(first) else { return [] }
        let below = Pgfob.configuration.subcommands.first { $0._commandName == first }?.configuration
            .subcommands
        guard let second = arguments.dropFirst().first,
            below?.contains(where: { $0._commandName == second }) == true
        else { return [first] }
        return [first, second]
    }

    /// What the parser lists on lines of their own becomes a list of words.
    private static func oneLine(_ message: String) -> String {
        var text = ""
        for line in message.split(whereSeparator: \.isNewline) {
            let words = line.trimmingBlanks()
            let isItem = words.hasPrefix("- ")
            let joint = text.isEmpty ? "" : isItem && !text.hasSuffix(":") ? ", " : " "
            text += joint + (isItem ? String(words.dropFirst(2)) : words)
        }
        return text
    }

    private var mistypedSubcommand: String? {
        var (words, before) = (arguments[...], "")
        if words.first == "help", words.count > 1 {
            words = words.dropFirst()
            before = "help "
        }
        guard let first = words.first else { return nil }
        if Pgfob.names.contains(first) {
            let below = Pgfob.configuration.subcommands.first { $0._commandName == first }
            let names = below?.configuration.subcommands.map { $0._commandName } ?? []
            guard let second = words.dropFirst().first, !names.isEmpty else { return nil }
            return Self.mistyped(second, among: names, before: before + first + " ")
        }
        return Self.mistyped(first, among: Pgfob.names + ["json"], before: before)
    }

    /// Where psql's own options stand, for one that was given to `connect` itself.
    private func psqlOption(_ message: String) -> String? {
        let parts = message.split(separator: "'", omittingEmptySubsequences: false)
        guard arguments.first == "connect", message.hasPrefix("Unknown option"), parts.count == 3 else {
            return nil
        }
        return "psql's own options stand behind `--`: pgfob connect NAME -- \(parts[1]) ..."
    }

    /// How a value is written that begins with a dash, for one that was taken for an option.
    private func dashed(_ message: String) -> String? {
        let parts = message.split(separator: "'", omittingEmptySubsequences: false)
        guard message.hasPrefix("Missing value for '--"), parts.count == 3,
            let name = parts[1].split(separator: " ").first.map(String.init),
            let place = arguments.firstIndex(of: name), place + 1 < arguments.count,
            arguments[place + 1].hasPrefix("-")
        else { return nil }
        return "a value that begins with '-' is written behind a '=': \(name)='-...'"
    }

    /// What other programs call them.
    private static let synonyms = [
        "ls": "list", "rm": "remove", "delete": "remove", "del": "remove", "psql": "connect", "new": "add",
        "create": "add", "cp": "duplicate", "copy": "duplicate", "show": "conninfo", "info": "conninfo",
        "sql": "run", "query": "run", "check": "test", "ping": "test", "sync": "catalogue",
    ]

    /// Whether a profile has that name; a store that is not there is not made for it.
    private static func isProfile(_ word: String) -> Bool {
        guard let book = (try? Session.open())?.book, (try? book.isThere()) == true else { return false }
        return (try? book.named(word)) != nil
    }

    private static func mistyped(_ word: String, among names: [String], before: String) -> String? {
        guard !word.hasPrefix("-"), !names.contains(word) else { return nil }
        let isPlain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) }
        let meant =
            before.isEmpty && isProfile(word)
            ? "connect \(isPlain ? word : ShellWords.quoted(word))"
            : synonyms[word.lowercased()].flatMap { names.contains($0) ? $0 : nil }
        let remedy = (meant ?? Nearest.match(word, among: names)).map {
            "did you mean `pgfob \(before)\($0)`?"
        }
        let lists =
            before.isEmpty || before.hasPrefix("help")
            ? "`pgfob --help`" : "`pgfob help \(before.trimmingBlanks())`"
        return "there is no subcommand \"\(DialAddress.shown(word))\": \(remedy ?? "\(lists) lists them")"
    }

    /// Which of the values that the parser would have taken is nearest to the one that it complains of.
    private func nearest(_ message: String) -> String? {
        let parts = message.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
        let isOfShells = message.hasPrefix("Can't generate completion scripts") && parts.count > 2
        guard isOfShells || parts.count > 3 && message.contains("is invalid for"),
            let list = message.firstRange(of: "one of")
        else { return nil }
        let words = message[list.upperBound...].split { " :,.'".contains($0) }.map(String.init)
        return Nearest.match(parts[isOfShells ? 2 : 1], among: words).map { "did you mean \($0)?" }
    }
}
