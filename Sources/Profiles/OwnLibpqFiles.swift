/// The user's own files of libpq's, on their way through a session of another profile: that has a password file of its
/// own, or none, and a pgfob inside it is to find what one outside would.
package enum OwnLibpqFiles {
    /// The one that names the password file.
    static let passwords = "PGPASSFILE"

    /// libpq's variables, and those under which a session's programs find what the user had in them.
    private static let names = [
        passwords: "PGFOB_OWN_PASSFILE", "PGSERVICEFILE": "PGFOB_OWN_SERVICEFILE",
        "PGSYSCONFDIR": "PGFOB_OWN_SYSCONFDIR",
    ]

    /// libpq's variables that name them (libpq documentation, "Environment Variables").
    static let variables = Set(names.keys)

    /// What a session's programs are given; an empty one where the user had none.
    package static func kept(_ environment: [String: String]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: names.map { ($1, environment[$0] ?? "") })
    }

    /// The variables that a pgfob inside a session has to set back, or to take away where nil: those that are gone, and
    /// a password file in memory. What the user has set inside stays.
    package static func toRestore(_ environment: [String: String]) -> [String: String?] {
        var changes: [String: String?] = [:]
        for (name, own) in names {
            guard let kept = environment[own], isOuter(environment[name]) else { continue }
            changes[name] = .some(kept.isEmpty ? nil : kept)
        }
        return changes
    }

    /// A descriptor's path may name anything by now, or nothing: not every program between passes it on.
    private static func isOuter(_ value: String?) -> Bool {
        guard let value else { return true }
        return ["/proc/self/fd/", "/dev/fd/"].contains { value.hasPrefix($0) }
    }
}
