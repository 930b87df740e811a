/// A key of the pseudo-terminal, as xterm sends it.
package enum TerminalKey: Sendable, Hashable {
    case enter, escape, tab, backTab, backspace, delete
    case up, down, left, right, home, end, pageUp, pageDown
    /// F1 to F4.
    case function(Int)
    /// Ctrl and a letter.
    case control(Character)

    /// The bytes; cursor keys depend on the mode that the program has set (DECCKM).
    func bytes(applicationCursor: Bool) -> String {
        let lead = applicationCursor ? "\u{1b}O" : "\u{1b}["
        switch self {
        case .enter: return "\r"
        case .escape: return "\u{1b}"
        case .tab: return "\t"
        case .backTab: return "\u{1b}[Z"
        case .backspace: return "\u{7f}"
        case .delete: return "\u{1b}[3~"
        case .up: return lead + "A"
        case .down: return lead + "B"
        case .right: return lead + "C"
        case .left: return lead + "D"
        case .home: return lead + "H"
        case .end: return lead + "F"
        case .pageUp: return "\u{1b}[5~"
        case .pageDown: return "\u{1b}[6~"
        case .function(let number):
            let letters = ["P", "Q", "R", "S"]
            return letters.indices.contains(number - 1) ? "\u{1b}O" + letters[number - 1] : ""
        case .control(let letter):
            let code = letter.asciiValue.map { $0 & 0x1f } ?? 0
            return String(UnicodeScalar(code))
        }
    }
}
