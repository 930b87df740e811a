/// One thing that the user did at the terminal.
package enum Key: Hashable, Sendable {
    case character(Character)
    case enter, escape, tab, backTab, backspace, delete, insert
    case up, down, left, right, home, end, pageUp, pageDown
    /// The arrows with Ctrl or Alt.
    case wordLeft, wordRight
    /// F1 and so on.
    case function(Int)
    /// Ctrl and a lower-case letter.
    case control(Character)
    case alt(Character)
    /// A bracketed paste, whole; line ends are `\n`.
    case paste(String)
    case mouse(MouseEvent)
    case focusGained, focusLost

    /// The key that every terminal sends for one with Ctrl, so that the two cannot be told apart: `^I` is Tab. Nil where
    /// the text names no such key (facts/ncurses.md 12).
    package static func twin(of text: String) -> Key? {
        let lowered = text.lowercased()
        guard let prefix = ["^", "ctrl-", "c-"].first(where: { lowered.hasPrefix($0) }) else { return nil }
        switch lowered.dropFirst(prefix.count) {
        case "h": return .backspace
        case "i": return .tab
        case "j", "m": return .enter
        case "[": return .escape
        default: return nil
        }
    }

    /// Reads a key as ``name`` writes it; letters of names without regard to case, `ctrl-x` and `alt-x` too. Nil where
    /// the text names none, or one that is another to every terminal (``twin(of:)``).
    package init?(named text: String) {
        if text.count == 1, let character = text.first {
            self = .character(character)
            return
        }
        guard Key.twin(of: text) == nil else { return nil }
        let lowered = text.lowercased()
        if let arrow = [Key.wordLeft, .wordRight].first(where: { $0.name.lowercased() == lowered }) {
            self = arrow
            return
        }
        for (prefix, isControl) in [
            ("^", true), ("ctrl-", true), ("c-", true), ("m-", false), ("alt-", false),
        ]
        where lowered.hasPrefix(prefix) {
            let rest = text.dropFirst(prefix.count)
            guard rest.count == 1, let character = rest.first else { return nil }
            if isControl {
                guard character.isASCII, character.isLetter, let lower = character.lowercased().first else {
                    return nil
                }
                self = .control(lower)
            } else {
                self = .alt(character)
            }
            return
        }
        if lowered.hasPrefix("f"), let number = Int(lowered.dropFirst()), (1...63).contains(number) {
            self = .function(number)
            return
        }
        let named: [Key] = [
            .character(" "), .enter, .escape, .tab, .backTab, .backspace, .delete, .insert, .up, .down, .left,
            .right, .home, .end, .pageUp, .pageDown,
        ]
        guard let key = named.first(where: { $0.name.lowercased() == lowered }) else { return nil }
        self = key
    }

    /// Whether it changes a text that is typed, by a letter more or less.
    package var types: Bool {
        switch self {
        case .character, .paste, .backspace: true
        default: false
        }
    }

    /// How the footer and the help write it.
    package var name: String {
        switch self {
        case .character(" "): "Space"
        case .character(let character): String(character)
        case .enter: "Enter"
        case .escape: "Esc"
        case .tab: "Tab"
        case .backTab: "S-Tab"
        case .backspace: "Backspace"
        case .delete: "Del"
        case .insert: "Ins"
        case .up: "Up"
        case .down: "Down"
        case .left: "Left"
        case .right: "Right"
        case .home: "Home"
        case .end: "End"
        case .wordLeft: "C-Left"
        case .wordRight: "C-Right"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        case .function(let number): "F\(number)"
        case .control(let character): "^" + String(character).uppercased()
        case .alt(let character): "M-\(character)"
        case .paste: "paste"
        case .mouse: "mouse"
        case .focusGained, .focusLost: "focus"
        }
    }
}

/// What the mouse did, where it is switched on.
package struct MouseEvent: Hashable, Sendable {
    package enum Kind: Hashable, Sendable { case press, release, drag, wheelUp, wheelDown }
    package var kind: Kind
    /// 1 left, 2 middle, 3 right; 0 for the wheel.
    package var button: Int
    package var at: Point

    package init(kind: Kind, button: Int, at: Point) {
        self.kind = kind
        self.button = button
        self.at = at
    }
}
