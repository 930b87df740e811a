extension VirtualScreen {
    /// Carries out a control sequence: `bytes` are its parameters and intermediates (ECMA-48 5.4).
    mutating func carryOut(final: UInt8, _ bytes: [UInt8]) {
        if bytes.first == 0x3f {
            let numbers = Self.numbers(bytes.dropFirst())
            if final == 0x68 || final == 0x6c { for mode in numbers { set(mode, final == 0x68) } }
            return
        }
        // Other private prefixes and intermediates: nothing that changes what is shown.
        guard bytes.allSatisfy({ (0x30...0x3b).contains($0) }) else { return }
        if final == 0x6d {
            render(bytes)
            return
        }
        let numbers = Self.numbers(bytes[...])
        let first = numbers.first ?? 0
        let count = max(1, first)
        switch final {
        case 0x40: insertCells(count)
        case 0x41:
            moveTo(column: column, row: max(row - count, row >= region.lowerBound ? region.lowerBound : 0))
        case 0x42, 0x65:
            moveTo(
                column: column, row: min(row + count, row < region.upperBound ? region.upperBound - 1 : rows))
        case 0x43, 0x61: moveTo(column: column + count, row: row)
        case 0x44: moveTo(column: column - count, row: row)
        case 0x45: moveTo(column: 0, row: row + count)
        case 0x46: moveTo(column: 0, row: row - count)
        case 0x47, 0x60: moveTo(column: count - 1, row: row)
        case 0x48, 0x66: moveTo(column: max(1, numbers.dropFirst().first ?? 1) - 1, row: count - 1)
        case 0x4a: eraseDisplay(first)
        case 0x4b: eraseLine(first)
        case 0x4c: insertLines(count)
        case 0x4d: deleteLines(count)
        case 0x50: deleteCells(count)
        case 0x53: scrollUp(count)
        case 0x54: scrollDown(count)
        case 0x58: erase(row: row, column..<(column + count))
        case 0x5a: moveTo(column: (column - 1) / 8 * 8, row: row)
        case 0x62: for _ in 0..<min(count, columns * rows) { put(lastText) }
        case 0x64: moveTo(column: column, row: count - 1)
        case 0x68, 0x6c: if numbers.contains(4) { insertMode = final == 0x68 }
        case 0x72: setRegion(numbers)
        case 0x73: saved = cursorNow
        case 0x75: restore(saved)
        default: break
        }
    }

    private mutating func set(_ mode: Int, _ on: Bool) {
        if on { modes.insert(mode) } else { modes.remove(mode) }
        switch mode {
        case 1049 where on:
            savedByAlternate = cursorNow
            showAlternate(true)
        case 1049:
            showAlternate(false)
            restore(savedByAlternate)
        case 47, 1047: showAlternate(on)
        case 6: moveTo(column: 0, row: 0)
        default: break
        }
    }

    private mutating func eraseDisplay(_ part: Int) {
        switch part {
        case 0:
            eraseLine(0)
            for line in (row + 1)..<max(row + 1, rows) { erase(row: line, 0..<columns) }
        case 1:
            eraseLine(1)
            for line in 0..<row { erase(row: line, 0..<columns) }
        case 3: scrollback = []
        default: for line in 0..<rows { erase(row: line, 0..<columns) }
        }
    }

    private mutating func eraseLine(_ part: Int) {
        switch part {
        case 0: erase(row: row, column..<columns)
        case 1: erase(row: row, 0..<(column + 1))
        default: erase(row: row, 0..<columns)
        }
    }

    private mutating func setRegion(_ numbers: [Int]) {
        let top = max(1, numbers.first ?? 1) - 1
        let given = numbers.dropFirst().first ?? 0
        let bottom = given == 0 ? rows : min(given, rows)
        guard top + 1 < bottom else { return }
        region = top..<bottom
        moveTo(column: 0, row: 0)
    }

    private static func numbers(_ bytes: ArraySlice<UInt8>) -> [Int] {
        bytes.split(separator: 0x3b, omittingEmptySubsequences: false).map { number($0) }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int {
        digits.reduce(0) { (0x30...0x39).contains($1) ? min(99_999, $0 * 10 + Int($1 - 0x30)) : $0 }
    }

    // MARK: SGR

    private mutating func render(_ bytes: [UInt8]) {
        // Each parameter may have parts of its own after colons (ISO 8613-6): 38:2::r:g:b.
        let parameters = bytes[...].split(separator: 0x3b, omittingEmptySubsequences: false).map {
            $0.split(separator: 0x3a, omittingEmptySubsequences: false).map(Self.number)
        }
        var at = 0
        while at < parameters.count {
            let parts = parameters[at]
            at += 1
            let code = parts.first ?? 0
            guard code == 38 || code == 48 else {
                apply(code)
                continue
            }
            let colour: VirtualColour?
            if parts.count > 1 {
                colour = Self.colour(
                    parts[1], Array(parts.count > 5 ? parts.suffix(3) : parts.dropFirst(2)[...]))
            } else {
                let kind = at < parameters.count ? parameters[at].first ?? 0 : 0
                let wanted = kind == 2 ? 3 : 1
                let rest = parameters.dropFirst(at + 1).prefix(wanted).map { $0.first ?? 0 }
                colour = Self.colour(kind, rest)
                at += 1 + rest.count
            }
            guard let colour else { continue }
            if code == 38 { style.foreground = colour } else { style.background = colour }
        }
    }

    private static func colour(_ kind: Int, _ values: [Int]) -> VirtualColour? {
        if kind == 5, let index = values.first { return .indexed(index) }
        if kind == 2, values.count == 3 { return .rgb(values[0], values[1], values[2]) }
        return nil
    }

    private mutating func apply(_ code: Int) {
        switch code {
        case 0: style = VirtualStyle()
        case 1: style.bold = true
        case 2: style.dim = true
        case 3: style.italic = true
        case 4: style.underline = true
        case 7: style.reverse = true
        case 22: (style.bold, style.dim) = (false, false)
        case 23: style.italic = false
        case 24: style.underline = false
        case 27: style.reverse = false
        case 30...37: style.foreground = .indexed(code - 30)
        case 39: style.foreground = .terminal
        case 40...47: style.background = .indexed(code - 40)
        case 49: style.background = .terminal
        case 90...97: style.foreground = .indexed(code - 82)
        case 100...107: style.background = .indexed(code - 92)
        default: break
        }
    }
}
