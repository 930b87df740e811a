/// A psql to run, as a value: what to execute, with which arguments and environment.
package struct PsqlCommand: Sendable, Hashable {
    package var executable: String
    /// Without the program's own name. Never holds a secret.
    package var arguments: [String]
    package var environment: [String: String]
    /// Descriptors of files in memory that it inherits under the same numbers.
    package var descriptors: [Int32]

    package init(
        executable: String, arguments: [String], environment: [String: String],
        descriptors: [Int32] = []
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.descriptors = descriptors
    }

    /// What users say to pgfob by variables (design/cli.md).
    private static let ownVariables: Set<String> = [
        "PGFOB_STORE", "PGFOB_CONFIG", "PGFOB_THEME", "PGFOB_AMBIGUOUS", "PGFOB_TRUSTSTORE_URL",
    ]

    /// The environment for a libpq program: the user's own without the variables that would change the
    /// connection behind the profile's back.
    ///
    /// Every `PG*` goes, but for the files that logins by pgpass or service read (design/decisions.md), which a pgfob
    /// inside finds under other names, and for what tells that one where its own things are. `PSQL_*` stays, it is psql's
    /// own. LINES and COLUMNS go as well: they would freeze the child's idea of the size.
    package static func environment(from inherited: [String: String], profile: Profile) -> [String: String] {
        var kept = ownVariables
        switch profile.auth {
        case .pgpass, .service: kept.formUnion(OwnLibpqFiles.variables)
        // Who keeps the password in a file is not asked for it.
        case .password: kept.insert(OwnLibpqFiles.passwords)
        case .iam, .none: break
        }
        var environment = inherited.filter { name, _ in
            if name.hasPrefix("PG") { return kept.contains(name) }
            return name != "LINES" && name != "COLUMNS"
        }
        environment.merge(OwnLibpqFiles.kept(inherited)) { $1 }
        // The conninfo's own application_name stands over it.
        environment["PGAPPNAME"] = profile.ownApplicationName
        return environment
    }
}
