import Profiles
import Screen

/// The question before psql opens on a profile that asks for one.
struct ConfirmState: Sendable {
    let profile: Profile
    /// By the last test, else as the host name suggests.
    let role: ClusterRole?
    /// What the session is opened with beyond the profile.
    var choice = SessionChoice()
    var purpose = SessionOpening.Purpose.program
    /// Whether the user has asked for a session that can write.
    var writes = false
    /// What the name's field holds; nil while single keys answer.
    var typed: TextField?
    /// How long the question can be kept away, in seconds; 0 where it cannot.
    var snooze = EnvironmentPolicies.snooze
    /// Do not ask again for a while, once this opens.
    var snoozes = false
    /// Why Enter did nothing.
    var complaint: String?

    init(_ profile: Profile, role: ClusterRole? = nil) {
        self.profile = profile
        self.role = role ?? HostName(profile.host).guessedRole
        // Where the name has to be typed, its field is there from the start.
        typed = profile.confirmation == .name ? TextField() : nil
    }

    /// Whether one key opens it.
    var offersKey: Bool { profile.confirmation != .name }

    /// What the key opens: production never opens for writing by one key (design/decisions.md).
    var keyOpensReadOnly: Bool { (profile.startsReadOnly && !writes) || profile.environment == .prod }

    /// Whether there is a way to a writing session that the key does not give.
    var offersReadWrite: Bool { keyOpensReadOnly || !offersKey }

    /// Whether a name that begins like a key has to be announced with another.
    func nameNeedsKey(_ keys: KeyMap) -> Bool {
        guard offersKey, let first = profile.name.lowercased().first else { return false }
        return keys.action(.character(first), in: .confirm) != nil
    }

    /// Whether Enter opens what the profile asks for, read-only, once the name is typed.
    var enterOpensReadOnly: Bool { !offersKey && profile.startsReadOnly && !writes }

    var nameMatches: Bool { typed?.text == profile.name }
}
