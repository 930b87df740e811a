/// A style for every role.
package struct Theme: Sendable, Equatable {
    package var name: String
    private var styles: [Role: Style]

    /// - Parameter styles: roles without one fall back to the standard theme's; colours that one leaves open are those
    ///   of the plain text.
    package init(name: String, styles: [Role: Style]) {
        self.name = name
        let plain = styles[.text] ?? Self.standardStyles[.text] ?? .plain
        self.styles = Self.standardStyles.merging(styles) { $1 }.mapValues { style in
            Style(
                foreground: style.foreground == .terminal ? plain.foreground : style.foreground,
                background: style.background == .terminal ? plain.background : style.background,
                attributes: style.attributes)
        }
    }

    /// The theme for a terminal on which some colours look alike. Where a background cannot be told from the plain text's,
    /// the standard theme's attributes say what it says.
    package func fitted(_ looksAlike: (Color, Color) -> Bool) -> Theme {
        let plain = self[.text].background
        var theme = self
        for (role, style) in styles where style.background != plain {
            guard looksAlike(style.background, plain) else { continue }
            theme.styles[role]?.attributes.formUnion(Self.standardStyles[role]?.attributes ?? [])
        }
        theme.tellEnvironmentsApart(looksAlike)
        return theme
    }

    private static let environments: [Role] = [.prod, .stage, .dev, .local, .otherEnvironment]

    /// Where two environments that have colours of their own would be of one colour, all have the standard theme's, which
    /// are the user's palette: no terminal has fewer.
    private mutating func tellEnvironmentsApart(_ looksAlike: (Color, Color) -> Bool) {
        let styles = Self.environments.map { self[$0] }
        let isMixed = styles.indices.contains { first in
            styles[..<first].contains { other in
                let (one, two) = (styles[first], other)
                guard one.foreground != two.foreground || one.background != two.background else {
                    return false
                }
                return looksAlike(one.foreground, two.foreground)
                    && looksAlike(one.background, two.background)
            }
        }
        guard isMixed else { return }
        for role in Self.environments {
            guard let standard = Self.standardStyles[role], let own = self.styles[role] else { continue }
            self.styles[role] = Style(
                foreground: standard.foreground, background: self[.text].background,
                attributes: own.attributes.union(standard.attributes))
        }
    }

    package subscript(role: Role) -> Style { styles[role] ?? .plain }

    /// The terminal's own colours, with the user's palette for emphasis: it reads on light and dark alike,
    /// and colour never stands alone.
    package static let standard = Theme(name: "standard", styles: standardStyles)

    private static let standardStyles: [Role: Style] = [
        .text: .plain,
        .muted: Style(attributes: .dim),
        .header: Style(attributes: .reverse),
        .title: Style(attributes: .bold),
        .selected: Style(attributes: .reverse),
        .prod: Style(foreground: .palette(1), attributes: .bold),
        .stage: Style(foreground: .palette(3)),
        .dev: Style(foreground: .palette(2)),
        .local: Style(foreground: .palette(6)),
        .otherEnvironment: Style(foreground: .palette(5)),
        .ok: Style(foreground: .palette(2)),
        .failure: Style(foreground: .palette(1), attributes: .bold),
        .warning: Style(foreground: .palette(3), attributes: .bold),
        .key: Style(attributes: .bold),
        .border: .plain,
        .barFilled: Style(attributes: .reverse),
        .barEmpty: Style(attributes: .dim),
        .match: Style(attributes: [.bold, .underline]),
        .field: Style(attributes: .underline),
        .fieldFocused: Style(attributes: .reverse),
        .group: Style(attributes: .bold),
        .mark: Style(attributes: .bold),
    ]
}
