/// How a cell of the virtual screen looks.
package struct VirtualStyle: Hashable, Sendable {
    package var foreground = VirtualColour.terminal
    package var background = VirtualColour.terminal
    package var bold = false
    package var dim = false
    package var italic = false
    package var underline = false
    package var reverse = false

    package init() {}
}
