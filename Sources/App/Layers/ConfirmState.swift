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
    /// What the name's field holds, where the name can be typed.
    var typed = TextField()
    /// How long the question can be kept away, in seconds; 0 where it cannot.
    var snooze = EnvironmentPolicies.snooze
    /// Do not ask again for a while, once this opens.
    var snoozes = false
    /// Why Enter did nothing.
    var complaint: String?

    init(_ profile: Profile, role: ClusterRole? = nil) {
        self.profile = profile
        self.role = role ?? HostName(profile.host).guessedRole
    }

    /// Whether one key opens it.
    var offersKey: Bool { profile.confirmation != .name }

    /// What the key opens: production never opens for writing by one key (design/decisions.md).
    var keyOpensReadOnly: Bool { (profile.startsReadOnly && !writes) || profile.environment == .prod }

    /// Whether there is a way to a writing session that the key does not give: the name, typed.
    var takesName: Bool { keyOpensReadOnly || !offersKey }

    /// Whether the name's field is shown: where nothing else opens it, and once something stands in it.
    var showsName: Bool { takesName && (!offersKey || !typed.text.isEmpty) }

    /// Whether the question can be kept away for a while.
    var offersSnooze: Bool { offersKey && snooze >= 60 }

    /// Whether a key is one of the name's now, and answers nothing: the letter that the name begins with, and every one
    /// behind that.
    func types(_ key: Key) -> Bool {
        guard takesName && key.types else { return false }
        guard case .character(let letter) = key, typed.text.isEmpty, offersKey else { return true }
        return profile.name.first?.lowercased() == letter.lowercased()
    }

    /// The key of an action here, where it has one.
    func key(of action: Action, _ keys: KeyMap) -> Key? {
        keys.of(.confirm).first { $0.action == action }?.keys.first { !types($0) }
    }

    /// Whether Enter opens what the profile asks for, read-only, once the name is typed.
    var enterOpensReadOnly: Bool { !offersKey && profile.startsReadOnly && !writes }

    var nameMatches: Bool { typed.text == profile.name }
}
