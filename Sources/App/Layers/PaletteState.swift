import Profiles
import Screen

/// The command line that is open: what is typed, what that could become, and what was run before.
struct PaletteState: Sendable {
    /// Something that the line can be completed to.
    struct Candidate: Sendable {
        var text: String
        var help: String
        var command: PaletteCommand
        /// Whether it is the whole line with its argument.
        var isArgument: Bool
    }

    private(set) var line = TextField()
    private(set) var selection = 0
    /// How far back in the history, 0 for the line being typed.
    private var depth = 0
    private var typed = ""

    /// Whether the line comes from the history.
    var isRecalling: Bool { depth > 0 }

    mutating func handle(_ key: Key) -> Bool {
        guard line.handle(key) else { return false }
        (selection, depth) = (0, 0)
        return true
    }

    mutating func replace(with text: String) {
        line.replace(with: text)
        selection = 0
    }

    mutating func select(_ number: Int) { selection = number }

    mutating func move(by step: Int, among count: Int) {
        guard count > 0 else { return }
        selection = (selection + step + count) % count
    }

    /// Goes back in what was run before, the newest last; forth again with a negative step.
    mutating func recall(_ step: Int, _ history: [String]) {
        if depth == 0 { typed = line.text }
        depth = min(max(0, depth + step), history.count)
        replace(with: depth == 0 ? typed : history[history.count - depth])
    }

    /// What the line could become, the best first.
    func candidates(_ commands: [PaletteCommand], profiles: [SavedProfile]) -> [Candidate] {
        if let (command, argument) = withArgument(commands) {
            return Self.arguments(command, argument, profiles)
        }
        let text = line.text.lowercased().trimmingBlanks()
        var scored: [(score: Int, command: PaletteCommand)] = []
        for command in commands {
            guard let score = Self.score(text, command) else { continue }
            scored.append((score, command))
        }
        let sorted = scored.enumerated().sorted {
            // Of what matches alike the shorter name is meant.
            let (left, right) = ($0.element.command.name.count, $1.element.command.name.count)
            if $0.element.score == $1.element.score, !text.isEmpty, left != right { return left < right }
            return $0.element.score == $1.element.score
                ? $0.offset < $1.offset : $0.element.score > $1.element.score
        }
        return sorted.map { _, found in
            Candidate(
                text: found.command.name, help: found.command.help, command: found.command, isArgument: false)
        }
    }

    /// The command whose whole name has been typed, and what stands behind it.
    func withArgument(_ commands: [PaletteCommand]) -> (PaletteCommand, String)? {
        let text = line.text
        let named = commands.filter { command in
            command.argument != .none && text.lowercased().hasPrefix(command.name + " ")
        }
        guard let command = named.max(by: { $0.name.count < $1.name.count }) else { return nil }
        return (command, String(text.dropFirst(command.name.count)).trimmingBlanks())
    }

    private static func arguments(
        _ command: PaletteCommand, _ typed: String, _ profiles: [SavedProfile]
    ) -> [Candidate] {
        let words: [String] =
            switch command.argument {
            case .none, .text: []
            case .words(let words): words
            case .profile: profiles.map(\.profile.name)
            }
        let folded = Profile.fold(typed)
        let begin = words.filter { Profile.fold($0).hasPrefix(folded) }
        let inside =
            folded.isEmpty
            ? []
            : words.filter { word in
                let word = Profile.fold(word)
                return !word.hasPrefix(folded) && word.contains(folded)
            }
        return (begin + inside).prefix(200).map {
            Candidate(text: "\(command.name) \($0)", help: "", command: command, isArgument: true)
        }
    }

    private static func score(_ text: String, _ command: PaletteCommand) -> Int? {
        guard !text.isEmpty else { return 0 }
        if command.name == text { return 5 }
        if command.name.hasPrefix(text) { return 4 }
        if command.name.split(separator: " ").contains(where: { $0.hasPrefix(text) }) { return 3 }
        if command.name.contains(text) { return 2 }
        if command.help.lowercased().contains(text) { return 1 }
        var rest = text[...]
        for letter in command.name where rest.first == letter { rest = rest.dropFirst() }
        return rest.isEmpty ? 0 : nil
    }
}
