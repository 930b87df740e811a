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
    /// Every `PG*` goes, but for the files that logins by pgpass or service read (design/decisions.md). `PSQL_*`
    /// stays, it is psql's own. LINES and COLUMNS go as well: they would freeze the child's idea of the size.
    package static func environment(from inherited: [String: String], profile: Profile) -> [String: String] {
        var kept: Set<String> = []
        if [.pgpass, .service].contains(profile.auth) {
            kept = ["PGPASSFILE", "PGSERVICEFILE", "PGSYSCONFDIR"]
        }
        var environment = inherited.filter { name, _ in
            if name.hasPrefix("PG") { return kept.contains(name) }
            return name != "LINES" && name != "COLUMNS"
        }
        // The conninfo's own application_name stands over it.
        environment["PGAPPNAME"] = Profile.applicationName(for: profile.name)
        return environment
    }
}

/// What psql's command line says of the session, as far as pgfob has to know.
package struct PsqlArguments: Sendable, Hashable {
    /// Whether psql reads no start-up file: `-X`, `--no-psqlrc`.
    package private(set) var skipsStartup = false
    /// Whether it ends by itself: commands, a file or the list of databases.
    package private(set) var isBatch = false
    /// The first word that names a database or a user: psql would leave the profile's connection for it, or say
    /// nothing and pass it over.
    package private(set) var elsewhere: String?

    private static let longWithValue = [
        "--command", "--dbname", "--field-separator", "--file", "--host", "--log-file", "--output", "--port",
        "--pset", "--record-separator", "--set", "--table-attr", "--username", "--variable",
    ]
    private static let takesValue: Set<Character> = [
        "c", "d", "f", "F", "h", "L", "o", "p", "P", "R", "T", "U", "v",
    ]

    /// - Parameter arguments: as psql gets them; an option may stand together with others, `-AtX`.
    package init(_ arguments: [String]) {
        var waiting = arguments[...]
        while let argument = waiting.popFirst() {
            guard argument != "--" else { break }
            if argument.hasPrefix("--") {
                let name = argument.prefix { $0 != "=" }
                if name == "--no-psqlrc" { skipsStartup = true }
                if ["--command", "--file", "--list"].contains(name) { isBatch = true }
                // getopt_long takes any beginning of a name.
                let isDatabase = "--dbname".hasPrefix(name)
                if isDatabase { elsewhere = elsewhere ?? argument }
                let takesValue = Self.longWithValue.contains { $0.hasPrefix(name) }
                if takesValue, !argument.contains("=") { _ = waiting.popFirst() }
                continue
            }
            guard argument.hasPrefix("-"), argument != "-" else {
                elsewhere = elsewhere ?? argument
                continue
            }
            for (place, letter) in argument.enumerated().dropFirst() {
                if letter == "X" { skipsStartup = true }
                if "cfl".contains(letter) { isBatch = true }
                if letter == "d" { elsewhere = elsewhere ?? argument }
                guard Self.takesValue.contains(letter) else { continue }
                // Its value is the rest of the word, or the next one.
                if place == argument.count - 1 { _ = waiting.popFirst() }
                break
            }
        }
        elsewhere = elsewhere ?? waiting.first
    }
}
