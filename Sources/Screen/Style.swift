/// How a cell looks: two colours and attributes.
package struct Style: Hashable, Sendable {
    package struct Attributes: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static let bold = Attributes(rawValue: 1)
        package static let dim = Attributes(rawValue: 2)
        package static let italic = Attributes(rawValue: 4)
        package static let underline = Attributes(rawValue: 8)
        package static let reverse = Attributes(rawValue: 16)
    }

    package var foreground: Color
    package var background: Color
    package var attributes: Attributes

    package init(
        foreground: Color = .terminal, background: Color = .terminal, attributes: Attributes = []
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// The terminal's own colours without any attribute.
    package static let plain = Style()

    /// This style laid over another: its colours win where it names any, attributes add up.
    package func over(_ other: Style) -> Style {
        Style(
            foreground: foreground == .terminal ? other.foreground : foreground,
            background: background == .terminal ? other.background : background,
            attributes: attributes.union(other.attributes))
    }
}
