import Profiles

/// What a key in the form comes to.
package enum FormOutcome: Sendable, Equatable {
    case none
    /// `from` is nil for a new profile.
    case save(Profile, from: Profile?)
    case cancel
    case test(Profile)
    /// Open psql on it as it is typed.
    case open(Profile)
    /// Let libpq read what was pasted; the answer comes through ``FormState/parsed(_:)``.
    case parse(String)
    /// Let the user edit it as TOML; the answer comes through ``FormState/edited(_:)``.
    case edit(Profile, ProfileText)
}
