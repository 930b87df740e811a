import Profiles
import Screen

/// What a form holds when nobody can be asked about it any more.
extension FormState {
    /// What is typed, without what might be a secret: that may not come to a disk.
    var draft: ProfileDraft {
        let (profile, problems) = read()
        var draft = ProfileDraft(profile, of: isNew ? nil : base, pasted: harmlessPaste)
        for problem in problems {
            guard let text = controls[problem.field]?.text, Self.isHarmless(text, problem.field) else {
                continue
            }
            draft.unread[problem.field] = text
        }
        draft.editorText = brokenText.flatMap { Self.isHarmless(editorText: $0) ? $0 : nil }
        return draft
    }

    /// Whether a draft holds anything that is not in the store.
    func differs(_ draft: ProfileDraft) -> Bool {
        draft.profile != base || !draft.pasted.isEmpty || !draft.unread.isEmpty || draft.editorText != nil
    }

    /// Shows what an earlier form held: it counts as typed.
    mutating func fill(from draft: ProfileDraft) {
        fill(from: draft.profile)
        for (field, text) in draft.unread {
            controls[field]?.replace(with: text)
            visited.insert(field)
        }
        brokenText = draft.editorText
        if brokenText != nil { notes = ["the editor's key opens its text again, with the mistake"] }
        pasteLine = TextField(draft.pasted)
        focus =
            draft.pasted.isEmpty ? judged().problems.first { $0.severity == .error }?.field ?? .name : nil
    }

    private static func isHarmless(_ text: String, _ field: ProfileField) -> Bool {
        let keywords = field == .parameters ? Parameters.secret : []
        return SecretText.shown(text) == text && !keywords.contains { text.lowercased().contains($0) }
    }

    /// Of a text that cannot be read as a whole each line has to be known by its key.
    private static func isHarmless(editorText text: String) -> Bool {
        guard SecretText.shown(text) == text else { return false }
        var isInParameters = false
        for line in text.split(whereSeparator: \.isNewline).map({ $0.trimmingBlanks() }) {
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.hasPrefix("[parameters]") {
                isInParameters = true
                continue
            }
            guard let equals = line.firstIndex(of: "=") else { return false }
            let key = String(line[..<equals]).trimmingBlanks()
            let isKnown =
                isInParameters
                ? !Parameters.secret.contains(where: { key.lowercased().contains($0) })
                : ProfileField(rawValue: key) != nil
            guard isKnown else { return false }
        }
        return true
    }
}
