import CTerm
import Screen

/// Turns what curses reads into keys: pastes gathered whole, unknown sequences swallowed.
struct KeyReader {
    /// What a paste may hold at most, in characters; the rest falls away.
    static let pasteLimit = 1_000_000

    private var pasted: String.UnicodeScalarView?
    private var pastedCount = 0

    /// All keys that wait. `next` answers `CT_NONE` when there is none left.
    mutating func drain(_ next: () -> ct_key) -> [Key] {
        var raw: [ct_key] = []
        while true {
            let key = next()
            if key.kind == CT_NONE { break }
            raw.append(key)
        }
        var keys: [Key] = []
        var at = 0
        while at < raw.count {
            let key = raw[at]
            at += 1
            if pasted != nil {
                takePasted(key, &keys)
            } else if key.kind == CT_KEY {
                special(key.code, &keys)
            } else if key.code == 0x1b, at < raw.count, Self.opensSequence(raw[at]) {
                // A sequence that terminfo does not know came in one read: its letters are no keys.
                at = Self.endOfSequence(raw, at)
            } else if key.code == 0x1b, at < raw.count, let letter = Self.printable(raw[at]) {
                // Both came in one read: Alt, not Escape and then the letter's own meaning.
                keys.append(.alt(letter))
                at += 1
            } else if let key = Self.character(key.code) {
                keys.append(key)
            }
        }
        return keys
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
        case CT_FOCUS_IN: keys.append(.focusGained)
        case CT_FOCUS_OUT: keys.append(.focusLost)
        case CT_PASTE_BEGINS:
            pasted = String.UnicodeScalarView()
            pastedCount = 0
        case CT_FUNCTION + 1..<CT_FUNCTION + 64: keys.append(.function(Int(code) - CT_FUNCTION))
        default: break
        }
    }

    private mutating func takePasted(_ key: ct_key, _ keys: inout [Key]) {
        if key.kind == CT_KEY {
            guard Int(key.code) == CT_PASTE_ENDS else { return }
            keys.append(.paste(Self.unified(pasted ?? String.UnicodeScalarView())))
            pasted = nil
            return
        }
        if key.code == 0x03 {
            // The end never came: Ctrl-C is the way out. Terminals keep it out of what they paste.
            pasted = nil
            return
        }
        guard pastedCount < Self.pasteLimit, let scalar = Unicode.Scalar(key.code) else { return }
        pasted?.append(scalar)
        pastedCount += 1
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

    private static func character(_ code: UInt32) -> Key? {
        switch code {
        case 0x0d, 0x0a: return .enter
        case 0x09: return .tab
        case 0x1b: return .escape
        // Terminals disagree on which of the two the key sends (facts/ncurses.md 12).
        case 0x7f, 0x08: return .backspace
        case 0x01...0x1a:
            return Unicode.Scalar(code + 0x60).map { .control(Character($0)) }
        case 0x00...0x1f: return nil
        default:
            return Unicode.Scalar(code).map { .character(Character($0)) }
        }
    }

    private static func printable(_ key: ct_key) -> Character? {
        guard key.kind == CT_CHARACTER, key.code >= 0x20, key.code != 0x7f else { return nil }
        return Unicode.Scalar(key.code).map { Character($0) }
    }

    private static func opensSequence(_ key: ct_key) -> Bool {
        key.kind == CT_CHARACTER && (key.code == 0x5b || key.code == 0x4f)
    }

    /// The place behind a control sequence: parameters, intermediates and one final byte (ECMA-48, 5.4).
    private static func endOfSequence(_ raw: [ct_key], _ start: Int) -> Int {
        guard raw[start].code == 0x5b else { return min(raw.count, start + 2) }
        var at = start + 1
        while at < raw.count, raw[at].kind == CT_CHARACTER, (0x20...0x3f).contains(raw[at].code) { at += 1 }
        // The oldest mouse report carries three bytes behind its final one (xterm's ctlseqs, X10 mouse).
        let carried = at == start + 1 && at < raw.count && raw[at].code == 0x4d ? 3 : 0
        return min(raw.count, at + 1 + carried)
    }
}
