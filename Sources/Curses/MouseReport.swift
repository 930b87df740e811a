import Screen

/// A mouse report in decimal, `ESC [ < button ; column ; row M` for a press and `m` for a release (xterm's ctlseqs,
/// "SGR mouse mode"), as far as it has come.
struct MouseReport {
    /// Nil while its end is still to come.
    let event: MouseEvent?
    /// Characters behind the Escape that it takes.
    let length: Int

    /// - Parameter text: what follows the Escape; nil for what is no character.
    /// - Returns: nil where that is no report, nor its beginning.
    init?(_ text: [Unicode.Scalar?]) {
        guard text.count >= 2, text[0] == "[", text[1] == "<" else { return nil }
        var numbers = [0]
        for (place, scalar) in text.enumerated().dropFirst(2) {
            guard let scalar, numbers.count <= 3, place < 24 else { return nil }
            switch scalar {
            case "0"..."9":
                numbers[numbers.count - 1] = min(
                    99_999, numbers[numbers.count - 1] * 10 + Int(scalar.value) - 48)
            case ";": numbers.append(0)
            case "M", "m":
                guard numbers.count == 3 else { return nil }
                length = place + 1
                event = Self.event(numbers, released: scalar == "m")
                return
            default: return nil
            }
        }
        (event, length) = (nil, text.count)
    }

    private static func event(_ numbers: [Int], released: Bool) -> MouseEvent {
        let at = Point(column: numbers[1] - 1, row: numbers[2] - 1)
        switch numbers[0] & 0xc3 {
        case 0x40: return MouseEvent(kind: .wheelUp, button: 0, at: at)
        case 0x41: return MouseEvent(kind: .wheelDown, button: 0, at: at)
        case let code:
            let kind: MouseEvent.Kind = numbers[0] & 0x20 != 0 ? .drag : released ? .release : .press
            return MouseEvent(kind: kind, button: (code & 3) + 1, at: at)
        }
    }
}
