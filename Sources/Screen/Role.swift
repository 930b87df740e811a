/// What a piece of text means; a theme gives each meaning its style.
package enum Role: String, Sendable, Hashable, CaseIterable {
    case text, muted, header, title, selected
    case prod, stage, dev, local
    case otherEnvironment = "other-environment"
    case ok, failure, warning
    case key, border
    case barFilled = "bar-filled"
    case barEmpty = "bar-empty"
    case match, field
    case fieldFocused = "field-focused"
    case group, mark
}
