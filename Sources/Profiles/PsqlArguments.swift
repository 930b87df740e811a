/// What psql's command line says of the session, as far as pgfob has to know.
package struct PsqlArguments: Sendable, Hashable {
    /// Whether psql reads no start-up file: `-X`, `--no-psqlrc`.
    package private(set) var skipsStartup = false
    /// Whether it ends by itself: commands, a file or the list of databases.
    package private(set) var isBatch = false
    /// The first word that names a server, a database or a user: psql would leave the profile's connection for it, or say
    /// nothing and pass it over.
    package private(set) var elsewhere: String?

    /// psql's long options (PostgreSQL documentation, "psql", "Options"), up to version 18.
    private static let longWithoutValue = [
        "csv", "echo-all", "echo-errors", "echo-hidden", "echo-queries", "expanded", "field-separator-zero",
        "help",
        "html", "list", "no-align", "no-password", "no-psqlrc", "no-readline", "password", "quiet",
        "record-separator-zero", "single-line", "single-step", "single-transaction", "tuples-only", "version",
    ]
    private static let longWithValue = [
        "command", "dbname", "field-separator", "file", "host", "log-file", "output", "port", "pset",
        "record-separator", "set", "table-attr", "username", "variable",
    ]
    private static let places = ["dbname", "host", "port", "username"]

    /// The option that a word means: getopt_long takes any beginning that no other option has too. Nil where psql refuses
    /// it.
    private static func longOption(_ name: Substring) -> String? {
        let all = longWithoutValue + longWithValue
        if let exact = all.first(where: { $0 == name }) { return exact }
        let found = all.filter { $0.hasPrefix(name) }
        return found.count == 1 ? found[0] : nil
    }

    private static let takesValue: Set<Character> = [
        "c", "d", "f", "F", "h", "L", "o", "p", "P", "R", "T", "U", "v",
    ]

    /// - Parameter arguments: as psql gets them; an option may stand together with others, `-AtX`.
    package init(_ arguments: [String]) {
        var waiting = arguments[...]
        while let argument = waiting.popFirst() {
            guard argument != "--" else { break }
            if argument.hasPrefix("--") {
                guard let option = Self.longOption(argument.dropFirst(2).prefix { $0 != "=" }) else {
                    continue
                }
                if option == "no-psqlrc" { skipsStartup = true }
                if ["command", "file", "list"].contains(option) { isBatch = true }
                if Self.places.contains(option) { elsewhere = elsewhere ?? argument }
                if Self.longWithValue.contains(option), !argument.contains("=") { _ = waiting.popFirst() }
                continue
            }
            guard argument.hasPrefix("-"), argument != "-" else {
                elsewhere = elsewhere ?? argument
                continue
            }
            for (place, letter) in argument.enumerated().dropFirst() {
                if letter == "X" { skipsStartup = true }
                if "cfl".contains(letter) { isBatch = true }
                if "dhpU".contains(letter) { elsewhere = elsewhere ?? argument }
                guard Self.takesValue.contains(letter) else { continue }
                // Its value is the rest of the word, or the next one.
                if place == argument.count - 1 { _ = waiting.popFirst() }
                break
            }
        }
        elsewhere = elsewhere ?? waiting.first
    }
}
