extension VirtualScreen {
    /// Writes one character at the cursor.
    mutating func put(_ text: String) {
        guard let scalar = text.unicodeScalars.first else { return }
        let width = Self.width(of: scalar)
        guard width > 0 else {
            join(text)
            return
        }
        if wrapIsPending || (width == 2 && column == columns - 1) {
            if modes.contains(7) {
                column = 0
                lineFeed()
            }
            wrapIsPending = false
        }
        guard column + width <= columns else { return }
        if insertMode { insertCells(width) }
        unsplit(column)
        if width == 2 { unsplit(column + 1) }
        cells[row][column] = VirtualCell(text: text, width: width, style: style)
        if width == 2 { cells[row][column + 1] = VirtualCell(text: "", width: 0, style: style) }
        lastText = text
        if column + width >= columns {
            column = columns - 1
            wrapIsPending = true
        } else {
            column += width
        }
    }

    /// A mark of no width joins the character before the cursor.
    private mutating func join(_ mark: String) {
        var at = wrapIsPending ? column : column - 1
        if at > 0, cells[row][at].width == 0 { at -= 1 }
        guard at >= 0 else { return }
        cells[row][at].text += mark
    }

    /// Blanks the other half of a wide character of which one half is about to go.
    private mutating func unsplit(_ at: Int) {
        guard at < columns else { return }
        if cells[row][at].width == 0, at > 0 { cells[row][at - 1] = VirtualCell() }
        if cells[row][at].width == 2, at + 1 < columns { cells[row][at + 1] = VirtualCell() }
    }

    mutating func moveTo(column: Int, row: Int) {
        self.column = min(max(0, column), columns - 1)
        self.row = min(max(0, row), rows - 1)
        wrapIsPending = false
    }

    mutating func lineFeed() {
        wrapIsPending = false
        if row == region.upperBound - 1 {
            scrollUp(1)
        } else if row < rows - 1 {
            row += 1
        }
    }

    mutating func reverseLineFeed() {
        wrapIsPending = false
        if row == region.lowerBound {
            scrollDown(1)
        } else if row > 0 {
            row -= 1
        }
    }

    mutating func scrollUp(_ count: Int) {
        for _ in 0..<min(count, region.count) {
            let gone = cells.remove(at: region.lowerBound)
            if region.lowerBound == 0, !isAlternate { scrollback.append(Self.text(gone)) }
            cells.insert(blankLine, at: region.upperBound - 1)
        }
    }

    mutating func scrollDown(_ count: Int) {
        for _ in 0..<min(count, region.count) {
            cells.remove(at: region.upperBound - 1)
            cells.insert(blankLine, at: region.lowerBound)
        }
    }

    mutating func insertLines(_ count: Int) { shiftLines { $0.scrollDown(count) } }

    mutating func deleteLines(_ count: Int) { shiftLines { $0.scrollUp(count) } }

    private mutating func shiftLines(_ body: (inout VirtualScreen) -> Void) {
        guard region.contains(row) else { return }
        let whole = region
        region = row..<whole.upperBound
        let kept = scrollback
        body(&self)
        scrollback = kept
        region = whole
    }

    mutating func insertCells(_ count: Int) {
        let kept = cells[row][column...].dropLast(min(count, columns - column))
        let blanks = Array(repeating: blankCell, count: min(count, columns - column))
        cells[row].replaceSubrange(column..., with: blanks + Array(kept))
    }

    mutating func deleteCells(_ count: Int) {
        let kept = Array(cells[row][column...].dropFirst(min(count, columns - column)))
        let blanks = Array(repeating: blankCell, count: columns - column - kept.count)
        cells[row].replaceSubrange(column..., with: kept + blanks)
    }

    /// Blanks columns of a row, in the background that is set.
    mutating func erase(row: Int, _ range: Range<Int>) {
        guard cells.indices.contains(row) else { return }
        for at in range.clamped(to: 0..<columns) { cells[row][at] = blankCell }
    }

    mutating func showAlternate(_ shown: Bool) {
        if shown, other == nil {
            other = cells
            cells = Self.blank(columns, rows)
        } else if !shown, let normal = other {
            cells = normal
            other = nil
        }
    }

    private var blankCell: VirtualCell {
        var cell = VirtualCell()
        cell.style.background = style.background
        return cell
    }

    private var blankLine: [VirtualCell] { Array(repeating: blankCell, count: columns) }

    /// Columns of a character, coarsely: marks 0, East Asian wide and the emoji blocks 2.
    static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0xa4cf,
            0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff01...0xff60, 0xffe0...0xffe6,
            0x1f300...0x1f64f, 0x1f680...0x1f6ff, 0x1f900...0x1faff, 0x20000...0x3fffd, 0x2705, 0x26a1,
            0x274c:
            return 2
        default: return 1
        }
    }
}

extension VirtualCell {
    init(text: String, width: Int, style: VirtualStyle) {
        self.text = text
        self.width = width
        self.style = style
    }
}
