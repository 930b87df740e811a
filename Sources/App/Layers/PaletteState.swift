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
        /// Whether it is only offered: what is typed may stand as well.
        var isOffered = false
    }

    private(set) var line = TextField()
    private(set) var selection = 0
    /// Whether the user has moved to the candidate; else it is only the first.
    private(set) var isChosen = false
    /// Whether Enter has completed the line, and runs it next.
    private(set) var isCompleted = false
    /// What was asked for the line, and the answer.
    private(set) var asked: Completion?
    private(set) var answer: [String] = []
    /// How far back in the history, 0 for the line being typed.
    private var depth = 0
    private var typed = ""

    /// Whether the line comes from the history.
    var isRecalling: Bool { depth > 0 }

    mutating func handle(_ key: Key) -> Bool {
        guard line.handle(key) else { return false }
        (selection, depth, isChosen, isCompleted) = (0, 0, false, false)
        return true
    }

    mutating func replace(with text: String, byEnter: Bool = false) {
        line.replace(with: text)
        (selection, isChosen, isCompleted) = (0, false, byEnter)
    }

    mutating func select(_ number: Int) { (selection, isChosen) = (number, true) }

    mutating func move(by step: Int, among candidates: [Candidate]) {
        guard let first = candidates.first else { return }
        // The first that is offered is not chosen before somebody goes there.
        let isEntering = first.isOffered && !isChosen
        let next = (selection + step + candidates.count) % candidates.count
        select(isEntering ? (step > 0 ? 0 : candidates.count - 1) : next)
    }

    /// Goes back in what was run before, the newest last; forth again with a negative step.
    mutating func recall(_ step: Int, _ history: [String]) {
        if depth == 0 { typed = line.text }
        depth = min(max(0, depth + step), history.count)
        replace(with: depth == 0 ? typed : history[history.count - depth])
    }

    /// Remembers that something is asked for the line.
    ///
    /// - Returns: false where it is being asked already.
    mutating func ask(_ completion: Completion?) -> Bool {
        guard completion != asked else { return false }
        (asked, answer) = (completion, [])
        return completion != nil
    }

    mutating func answered(_ completion: Completion, _ words: [String]) {
        if completion == asked { answer = words }
    }

    /// What the line could become, the best first.
    ///
    /// - Parameter words: those that may follow a command whose whole name has been typed.
    func candidates(
        _ commands: [PaletteCommand], words: (PaletteCommand, _ typed: String) -> [String]
    ) -> [Candidate] {
        if let (command, argument) = withArgument(commands) {
            return Self.arguments(command, argument, words(command, argument))
        }
        let text = line.text.lowercased().trimmingBlanks()
        guard PaletteCommand.elsewhere[text] == nil else { return [] }
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

    /// Whether Enter runs the candidate: the user went to it, or what is typed means it and no other command. Else
    /// Enter writes it out first, so that a beginning never runs what nobody has read.
    func isMeant(_ candidate: Candidate, among candidates: [Candidate]) -> Bool {
        let text = line.text.lowercased().trimmingBlanks()
        if isChosen || candidate.text == text { return true }
        return candidate.text.hasPrefix(text) && candidates.filter { $0.text.hasPrefix(text) }.count == 1
    }

    /// The command whose whole name has been typed, and what stands behind it.
    func withArgument(_ commands: [PaletteCommand]) -> (PaletteCommand, String)? {
        let text = line.text
        let named = commands.filter { command in
            command.argument != .none && text.lowercased().hasPrefix(command.name + " ")
        }
        guard let command = named.max(by: { $0.name.count < $1.name.count }) else { return nil }
        // What may become the longer name of another command is no argument yet.
        let trimmed = text.lowercased().trimmingBlanks()
        if command.isOptional,
            commands.contains(where: { $0.name != command.name && $0.name.hasPrefix(trimmed) })
        {
            return nil
        }
        return (command, String(text.dropFirst(command.name.count)).trimmingBlanks())
    }

    /// The line with the command's name in full, where what is typed begins with less of it: `set environment prod` for
    /// `set env prod`.
    func wholeLine(_ commands: [PaletteCommand]) -> String? {
        let words = line.text.split(separator: " ")
        for count in stride(from: words.count - 1, to: 0, by: -1) {
            let beginning = words[..<count].joined(separator: " ").lowercased()
            let meant = commands.filter { $0.argument != .none && $0.name.hasPrefix(beginning) }
            guard meant.count == 1 else { continue }
            return ([meant[0].name] + words[count...].map(String.init)).joined(separator: " ")
        }
        return nil
    }

    private static func arguments(_ command: PaletteCommand, _ typed: String, _ words: [String])
        -> [Candidate]
    {
        let folded = Profile.fold(typed)
        var exact: [String] = []
        var begin: [String] = []
        var inside: [String] = []
        for word in words {
            let other = Profile.fold(word)
            if other == folded {
                exact.append(word)
            } else if other.hasPrefix(folded) {
                begin.append(word)
            } else if other.contains(folded) {
                inside.append(word)
            }
        }
        var isOffered = false
        if case .text = command.argument { isOffered = true }
        return (exact + begin + inside).prefix(200).map {
            Candidate(
                text: "\(command.name) \($0)", help: "", command: command, isArgument: true,
                isOffered: isOffered)
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
