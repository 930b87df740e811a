extension VirtualScreen {
    /// Takes bytes as a program wrote them; sequences may be cut anywhere between two calls.
    package mutating func feed(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { take(byte) }
    }

    /// Takes a text.
    package mutating func feed(_ text: String) { feed(Array(text.utf8)) }

    private mutating func take(_ byte: UInt8) {
        switch state {
        case .ground:
            ground(byte)
        case .utf8(var bytes, let missing):
            guard byte & 0xc0 == 0x80 else {
                state = .ground
                put("\u{fffd}")
                take(byte)
                return
            }
            bytes.append(byte)
            if missing > 1 {
                state = .utf8(bytes, missing: missing - 1)
            } else {
                state = .ground
                put(String(decoding: bytes, as: UTF8.self))
            }
        case .escape:
            escape(byte)
        case .designate(let set):
            state = .ground
            if set == 0x28 { lineDrawing[0] = byte == 0x30 }
            if set == 0x29 { lineDrawing[1] = byte == 0x30 }
        case .control(var bytes):
            control(byte, &bytes)
        case .string(let afterEscape):
            let ends = byte == 0x07 || (afterEscape && byte == 0x5c)
            state = ends ? .ground : .string(byte == 0x1b)
        }
    }

    private mutating func ground(_ byte: UInt8) {
        switch byte {
        case 0x07: bells += 1
        case 0x08: moveTo(column: column - 1, row: row)
        case 0x09: moveTo(column: (column / 8 + 1) * 8, row: row)
        case 0x0a, 0x0b, 0x0c: lineFeed()
        case 0x0d: moveTo(column: 0, row: row)
        case 0x0e: shift = 1
        case 0x0f: shift = 0
        case 0x1b: state = .escape
        case 0x00...0x1f, 0x7f: break
        case 0x20...0x7e: put(lineDrawing[shift] ? Self.drawn(byte) : String(UnicodeScalar(byte)))
        case 0xc2...0xdf: state = .utf8([byte], missing: 1)
        case 0xe0...0xef: state = .utf8([byte], missing: 2)
        case 0xf0...0xf4: state = .utf8([byte], missing: 3)
        default: put("\u{fffd}")
        }
    }

    private mutating func escape(_ byte: UInt8) {
        state = .ground
        switch byte {
        case 0x5b: state = .control([])
        case 0x5d, 0x50, 0x58, 0x5e, 0x5f: state = .string(false)
        case 0x28, 0x29, 0x2a, 0x2b, 0x23, 0x25, 0x20: state = .designate(byte)
        case 0x37: saved = cursorNow
        case 0x38: restore(saved)
        case 0x44: lineFeed()
        case 0x45:
            moveTo(column: 0, row: row)
            lineFeed()
        case 0x4d: reverseLineFeed()
        case 0x63: self = VirtualScreen(columns: columns, rows: rows)
        default: break
        }
    }

    private mutating func control(_ byte: UInt8, _ bytes: inout [UInt8]) {
        switch byte {
        case 0x20...0x3f:
            bytes.append(byte)
            state = .control(bytes)
        case 0x40...0x7e:
            state = .ground
            carryOut(final: byte, bytes)
        case 0x1b:
            state = .escape
        case 0x18, 0x1a:
            state = .ground
        default:
            // A control character inside a sequence is carried out, and the sequence goes on.
            let unfinished = state
            ground(byte)
            state = unfinished
        }
    }

    /// The DEC special graphics that terminfo's acsc names.
    private static func drawn(_ byte: UInt8) -> String {
        let set: [UInt8: String] = [
            0x60: "◆", 0x61: "▒", 0x66: "°", 0x67: "±", 0x6a: "┘", 0x6b: "┐", 0x6c: "┌", 0x6d: "└", 0x6e: "┼",
            0x71: "─", 0x74: "├", 0x75: "┤", 0x76: "┴", 0x77: "┬", 0x78: "│", 0x7e: "·",
        ]
        return set[byte] ?? String(UnicodeScalar(byte))
    }

    var cursorNow: VirtualCursor {
        VirtualCursor(column: column, row: row, style: style, lineDrawing: lineDrawing, shift: shift)
    }

    mutating func restore(_ cursor: VirtualCursor) {
        moveTo(column: cursor.column, row: cursor.row)
        style = cursor.style
        lineDrawing = cursor.lineDrawing
        shift = cursor.shift
    }
}
