import Screen

extension KeyMap {
    /// All keys as they are now, as config.toml would have them: what is kept of it and changed makes them others.
    ///
    /// - Parameter path: of config.toml.
    func text(path: String) -> String {
        var lines = [
            "# All keys as they work now. To change one, write its line, and the",
            "# [keys.NAME] above it, into \(path):",
            "# it counts once that is saved. [] takes all of its keys away.",
        ]
        for context in Context.allCases {
            lines += ["", "[keys.\(context.rawValue)]  # \(context.title)"]
            let table = of(context)
            let settings = table.map { binding in
                let keys = binding.keys.map { "\"\(Self.quoted($0.name))\"" }.joined(separator: ", ")
                return "\(binding.action.rawValue) = [\(keys)]"
            }
            let width = min(settings.map(DisplayText.width).max() ?? 0, 40)
            for (binding, setting) in zip(table, settings) {
                lines.append(
                    "\(DisplayText.padded(setting, to: max(width, setting.count)))  # \(binding.help)")
            }
        }
        return lines.joined(separator: "\n")
    }

    /// TOML 1.0, "String".
    private static func quoted(_ name: String) -> String {
        name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }
}
