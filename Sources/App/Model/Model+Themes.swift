import Screen

/// Choosing a theme, which the whole screen wears meanwhile.
extension Model {
    mutating func openThemes() -> [Effect] {
        layers.append(.themes(ThemesState(options.themes, current: options.theme)))
        return []
    }

    mutating func themesKey(_ action: Action?) -> [Effect] {
        guard case .themes(var themes) = layers.last, let action else { return [] }
        switch action {
        case .up: themes.cursor = max(0, themes.cursor - 1)
        case .down: themes.cursor = min(themes.names.count - 1, themes.cursor + 1)
        case .back:
            layers.removeLast()
            return [.theme(themes.original, keeps: false)]
        case .run:
            layers.removeLast()
            options.theme = themes.chosen
            return [.theme(themes.chosen, keeps: true)]
        case .help: return openHelp()
        default: return []
        }
        layers[layers.count - 1] = .themes(themes)
        return [.theme(themes.chosen, keeps: false)]
    }
}
