/// One place of the grid.
package struct Cell: Hashable, Sendable {
    /// What stands there; a blank in the right half of a wide character.
    package var text: Character
    /// 1 or 2 columns; 0 for the right half of a wide character.
    package var width: Int
    package var style: Style

    package init(text: Character = " ", width: Int = 1, style: Style = .plain) {
        self.text = text
        self.width = width
        self.style = style
    }
}
