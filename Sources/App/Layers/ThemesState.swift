/// A theme being chosen: the screen wears the one under the cursor.
struct ThemesState: Sendable {
    let names: [String]
    /// What Esc goes back to.
    let original: String
    var cursor: Int

    init(_ names: [String], current: String) {
        self.names = names
        original = current
        cursor = names.firstIndex(of: current) ?? 0
    }

    var chosen: String { names.indices.contains(cursor) ? names[cursor] : original }
}
