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

    /// The environment for a libpq program: the user's own without the variables that would change the
    /// connection behind the profile's back.
    ///
    /// Every `PG*` goes, but for the files that logins by pgpass or service read (design/decisions.md); to a pgfob inside
    /// they are named under other names. `PSQL_*` stays, it is psql's own, and so does our own. LINES and COLUMNS go as well: they would freeze the child's idea of the size.
    package static func environment(from inherited: [String: String], profile: Profile) -> [String: String] {
        var kept: Set<String> = []
        if [.pgpass, .service].contains(profile.auth) {
            kept = ["PGPASSFILE", "PGSERVICEFILE", "PGSYSCONFDIR"]
        }
        var environment = inherited.filter { name, _ in
            if name.hasPrefix("PG"), !name.hasPrefix("PGFOB_") { return kept.contains(name) }
            return name != "LINES" && name != "COLUMNS"
        }
        environment.merge(OwnLibpqFiles.kept(inherited)) { $1 }
        // The conninfo's own application_name stands over it.
        environment["PGAPPNAME"] = profile.ownApplicationName
        return environment
    }
}
