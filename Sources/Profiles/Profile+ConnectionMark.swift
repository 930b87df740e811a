extension Profile {
    /// On these no connection depends.
    private static let idle: Set<ProfileField> = [
        .name, .group, .environment, .tags, .notes, .pinned, .confirm,
    ]

    /// Stands for all that a connection depends on: two profiles that connect alike have the same, in every process. A field
    /// that says nothing does not count, so that a field of a later version changes no mark of before.
    package var connectionMark: String {
        let lines = ProfileField.allCases.filter { !Self.idle.contains($0) }.compactMap { field in
            let text = text(of: field)
            return text.isEmpty ? nil : "\(field.rawValue)=\(text)"
        }
        return TextMark.text(of: lines.joined(separator: "\n"))
    }
}
