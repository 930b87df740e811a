import CTerm
import Screen

/// Turns what curses reads into keys: pastes gathered whole, unknown sequences swallowed.
struct KeyReader {
    /// What a paste may hold at most, in characters; the rest falls away.
    static let pasteLimit = 1_000_000

    /// What curses has read, its bytes put together.
    private enum Raw {
        case key(UInt32)
        case character(Unicode.Scalar)
    }

    private var assembler = UTF8Assembler()
    /// The beginning of a mouse report whose end is still to come.
    private var held: [Raw] = []
    private var pasted: String.UnicodeScalarView?
    private var pastedCount = 0

    /// All keys that wait. `next` answers `CT_NONE` when there is none left.
    mutating func drain(_ next: () -> ct_key) -> [Key] {
        var raw = held
        let hadHeld = held.count
        held = []
        while true {
            let key = next()
            if key.kind == CT_NONE { break }
            if key.kind == CT_KEY {
                raw.append(.key(key.code))
            } else if let character = assembler.take(UInt8(truncatingIfNeeded: key.code)) {
                raw.append(.character(character))
            }
        }
        // What did not go on is no report after all.
        if raw.count == hadHeld { return [] }
        var keys: [Key] = []
        var at = 0
        while at < raw.count {
            let key = raw[at]
            at += 1
            if pasted != nil {
                takePasted(key, &keys)
                continue
            }
            switch key {
            case .key(let code):
                special(code, &keys)
            case .character("\u{1b}") where at < raw.count:
                if let report = MouseReport(raw[at...].map(Self.scalar)) {
                    guard let event = report.event else {
                        held = Array(raw[(at - 1)...])
                        return keys
                    }
                    keys.append(.mouse(event))
                    at += report.length
                } else {
                    escaped(raw, &at, &keys)
                }
            case .character(let character):
                if let key = Self.key(for: character) { keys.append(key) }
            }
        }
        return keys
    }

    private static func scalar(_ raw: Raw) -> Unicode.Scalar? {
        if case .character(let scalar) = raw { scalar } else { nil }
    }

    /// An Escape with something behind it in the same read.
    private func escaped(_ raw: [Raw], _ at: inout Int, _ keys: inout [Key]) {
        switch raw[at] {
        case .character("["), .character("O"):
            // A sequence that terminfo does not know: its letters are no keys.
            at = Self.endOfSequence(raw, at)
        case .character(let letter) where letter.value >= 0x20 && letter.value != 0x7f:
            // Alt, not Escape and then the letter's own meaning.
            keys.append(.alt(Character(letter)))
            at += 1
        default:
            keys.append(.escape)
        }
    }

    private mutating func special(_ code: UInt32, _ keys: inout [Key]) {
        switch Int(code) {
        case CT_UP: keys.append(.up)
        case CT_DOWN: keys.append(.down)
        case CT_LEFT: keys.append(.left)
        case CT_RIGHT: keys.append(.right)
        case CT_HOME: keys.append(.home)
        case CT_END: keys.append(.end)
        case CT_PAGE_UP: keys.append(.pageUp)
        case CT_PAGE_DOWN: keys.append(.pageDown)
        case CT_INSERT: keys.append(.insert)
        case CT_DELETE: keys.append(.delete)
        case CT_BACKSPACE: keys.append(.backspace)
        case CT_ENTER: keys.append(.enter)
        case CT_BACK_TAB: keys.append(.backTab)
        case CT_WORD_LEFT: keys.append(.wordLeft)
        case CT_WORD_RIGHT: keys.append(.wordRight)
        case CT_FOCUS_IN: keys.append(.focusGained)
        case CT_FOCUS_OUT: keys.append(.focusLost)
        case CT_PASTE_BEGINS:
            pasted = String.UnicodeScalarView()
            pastedCount = 0
        case CT_FUNCTION + 1..<CT_FUNCTION + 64: keys.append(.function(Int(code) - CT_FUNCTION))
        default: break
        }
    }

    private mutating func takePasted(_ key: Raw, _ keys: inout [Key]) {
        switch key {
        case .key(let code):
            guard Int(code) == CT_PASTE_ENDS else { return }
            keys.append(.paste(Self.unified(pasted ?? String.UnicodeScalarView())))
            pasted = nil
        case .character("\u{3}"):
            // The end never came: Ctrl-C is the way out. Terminals keep it out of what they paste.
            pasted = nil
        case .character(let character):
            guard pastedCount < Self.pasteLimit else { return }
            pasted?.append(character)
            pastedCount += 1
        }
    }

    /// With `\n` for every end of a line: terminals send CR, files hold CR LF.
    private static func unified(_ text: String.UnicodeScalarView) -> String {
        var result = String.UnicodeScalarView()
        var afterReturn = false
        for scalar in text {
            if scalar == "\r" {
                result.append("\n")
            } else if scalar != "\n" || !afterReturn {
                result.append(scalar)
            }
            afterReturn = scalar == "\r"
        }
        return String(result)
    }

    private static func key(for character: Unicode.Scalar) -> Key? {
        switch character.value {
        case 0x0d, 0x0a: .enter
        case 0x09: .tab
        case 0x1b: .escape
        // Terminals disagree on which of the two the key sends (facts/ncurses.md 12).
        case 0x7f, 0x08: .backspace
        case 0x01...0x1a: Unicode.Scalar(character.value + 0x60).map { .control(Character($0)) }
        case 0x00...0x1f, 0x80...0x9f: nil
        default: .character(Character(character))
        }
    }

    /// The place behind a control sequence: parameters, intermediates and one final byte (ECMA-48, 5.4).
    private static func endOfSequence(_ raw: [Raw], _ start: Int) -> Int {
        guard case .character("[") = raw[start] else { return min(raw.count, start + 2) }
        var at = start + 1
        while at < raw.count, case .character(let byte) = raw[at], (0x20...0x3f).contains(byte.value) {
            at += 1
        }
        // The oldest mouse report carries three bytes behind its final one (xterm's ctlseqs, X10 mouse).
        if at == start + 1, at < raw.count, case .character("M") = raw[at] { at += 3 }
        return min(raw.count, at + 1)
    }
}
