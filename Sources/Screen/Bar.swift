/// A bar that shows how much of something is left.
package enum Bar {
    /// Draws it: the filled part as blanks where its style reverses the colours or has a background of its
    /// own, so that its width is right in every terminal, else as `#`; the rest as `-`.
    ///
    /// - Parameter fraction: what is left, 0 to 1; beyond that it is clipped.
    package static func draw(
        _ fraction: Double, on grid: inout Grid, column: Int, row: Int, width: Int, filled: Style,
        empty: Style
    ) {
        guard width > 0 else { return }
        let part = fraction.isFinite ? min(1, max(0, fraction)) : 0
        // The last moment still shows one column, and only a full life shows all.
        let count = part == 0 ? 0 : max(1, min(width, Int((part * Double(width)).rounded(.up))))
        let solid = filled.attributes.contains(.reverse) || filled.background != .terminal
        grid.put(String(repeating: solid ? " " : "#", count: count), column: column, row: row, style: filled)
        grid.put(String(repeating: "-", count: width - count), column: column + count, row: row, style: empty)
    }
}
