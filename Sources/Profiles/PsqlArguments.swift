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

    /// The long options of the short ones that matter here or take a value.
    private static let short: [Character: String] = [
        "c": "command", "d": "dbname", "f": "file", "F": "field-separator", "h": "host", "l": "list",
        "L": "log-file", "o": "output", "p": "port", "P": "pset", "R": "record-separator", "T": "table-attr",
        "U": "username", "v": "set", "X": "no-psqlrc",
    ]

    /// What a word of the line is to psql.
    enum Word: Sendable, Hashable {
        /// An option by its long name, the value where it has one, and the word that it stands in.
        case option(String, value: String?, argument: String)
        /// Of these the first is the database, or a connection string, and the second the user.
        case plain(String)
    }

    /// Takes a line apart as getopt_long does for psql: options may stand behind other words, and together, `-AtX`.
    ///
    /// - Parameter arguments: as psql gets them, without its own name.
    static func words(of arguments: [String]) -> [Word] {
        var words: [Word] = []
        var waiting = arguments[...]
        while let argument = waiting.popFirst() {
            guard argument != "--" else { break }
            if argument.hasPrefix("--") {
                let (name, rest) = (argument.dropFirst(2).prefix { $0 != "=" }, argument.firstIndex(of: "="))
                guard let option = longOption(name) else { continue }
                let takesValue = longWithValue.contains(option)
                let value = rest.map { String(argument[argument.index(after: $0)...]) }
                words.append(
                    .option(
                        option, value: takesValue ? value ?? waiting.popFirst() : nil, argument: argument))
                continue
            }
            guard argument.hasPrefix("-"), argument != "-" else {
                words.append(.plain(argument))
                continue
            }
            var letters = argument.dropFirst()
            while let letter = letters.popFirst() {
                guard let option = short[letter] else { continue }
                guard longWithValue.contains(option) else {
                    words.append(.option(option, value: nil, argument: argument))
                    continue
                }
                // Its value is the rest of the word, or the next one.
                let value = letters.isEmpty ? waiting.popFirst() : String(letters)
                words.append(.option(option, value: value, argument: argument))
                break
            }
        }
        return words + waiting.map { .plain($0) }
    }

    /// - Parameter arguments: as psql gets them.
    package init(_ arguments: [String]) {
        for word in Self.words(of: arguments) {
            switch word {
            case .plain(let text): elsewhere = elsewhere ?? text
            case .option(let name, _, let argument):
                if name == "no-psqlrc" { skipsStartup = true }
                if ["command", "file", "list"].contains(name) { isBatch = true }
                if Self.places.contains(name) { elsewhere = elsewhere ?? argument }
            }
        }
    }
}
