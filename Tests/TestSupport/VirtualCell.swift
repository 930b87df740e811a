/// One place of the virtual screen.
package struct VirtualCell: Hashable, Sendable {
    package var text = " "
    /// 1 or 2 columns; 0 for the right half of a wide character.
    package var width = 1
    package var style = VirtualStyle()

    package init() {}
}
