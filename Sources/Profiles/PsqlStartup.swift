/// The commands that psql reads at its start: the user's own, the prompt, `:reconnect`, and the settings of servers
/// that refuse them at the login.
///
/// Every name in it comes from outside. Quoted as psql reads its arguments (PostgreSQL documentation, "psql",
/// "Meta-Commands"), none of them runs anything (design/decisions.md). All of the text is ASCII, and so is whatever its
/// variables expand to: psql reads both in the client encoding that is in force by then, and in SJIS, BIG5 or GBK a quote
/// behind another byte would be a part of that one's character.
package struct PsqlStartup: Sendable, Hashable {
    /// The environment's word and name of the profile, for the prompt.
    package var environment: Environment?
    package var name: String
    /// The endpoint that was chosen instead of the profile's own.
    package var endpoint: ClusterRole?
    /// Whether it may write where its profile's sessions start read-only.
    package var isOpened = false
    /// Whether the environment's word has its colour.
    package var isColoured = true
    /// The whole connection string, for `:reconnect`; it names the password file and holds no secret.
    package var conninfo: Conninfo
    /// What is set after each login.
    package var settings: [ServerSetting] = []
    /// Files of the user's own.
    package var ownFiles: [String] = []
    /// What the prompt looks at when it is shown; nil for none.
    package var watch: PsqlPromptWatch?
    /// The password file whose token's time left the prompt shows; nil for none.
    package var timeLeftFile: String?

    package init(name: String, environment: Environment?, conninfo: Conninfo) {
        self.name = name
        self.environment = environment
        self.conninfo = conninfo
    }

    /// The text, a command a line.
    package var text: String {
        var lines = stopsNot + guardLines() + ownLines
        if !ownFiles.isEmpty {
            // A file of the user's that stops at an error must take neither the prompt nor the guard with it; one that
            // goes through must not have the last word on them: it may have connected anew. Whether it stops is decided
            // on the line that reads it, whether this text does before that.
            let stops = settings.isEmpty ? "" : "\\set ON_ERROR_STOP :pgfob_stop \\\\ "
            lines += ownFiles.map { "\(stops)\\i \(Self.argument($0))" }
            lines += stopsNot + guardLines(proving: true) + ownLines
        }
        lines += stopsAgain
        return lines.map { $0 + "\n" }.joined()
    }

    /// Around SETs: one that is refused must end psql, and not the reading of this text.
    private var stopsNot: [String] {
        settings.isEmpty ? [] : ["\\set pgfob_stop :ON_ERROR_STOP", "\\set ON_ERROR_STOP off"]
    }
    private var stopsAgain: [String] {
        settings.isEmpty ? [] : ["\\set ON_ERROR_STOP :pgfob_stop", "\\unset pgfob_stop"]
    }

    private var ownLines: [String] {
        [
            "\\set PROMPT1 \(Self.argument(prompt))", "\\set home \(Self.argument(home))",
            "\\set \(Self.ways)TRUE \(Self.argument(here))", "\\set \(Self.ways)FALSE :home",
            "\\set reconnect \(Self.argument(reconnect))",
        ]
    }

    /// Variables of the two ways to connect again, by whether psql knows where it is.
    private static let ways = "pgfob_connected_"

    /// Around SETs: with AUTOCOMMIT off they would open a transaction, which would not be guarded itself and could be
    /// rolled back.
    private static let autocommits = [
        "\\set pgfob_quiet :QUIET", "\\set pgfob_autocommit :AUTOCOMMIT", "\\set QUIET on",
        "\\set AUTOCOMMIT on",
    ]
    private static let autocommitsNoMore = [
        "\\set AUTOCOMMIT :pgfob_autocommit", "\\set QUIET :pgfob_quiet", "\\unset pgfob_autocommit",
        "\\unset pgfob_quiet",
    ]

    /// Before the user's own and after it. A guard that cannot be had ends psql.
    private func guardLines(proving: Bool = false) -> [String] {
        guard !settings.isEmpty else { return [] }
        let sets = settings.flatMap { setting in
            ["\(setting.statement);", "\\if :ERROR"]
                + Self.ending("\(Self.argument(setting.name)) could not be set") + ["\\endif"]
        }
        return Self.autocommits + sets + (proving ? proofLines : []) + Self.autocommitsNoMore
    }

    /// A transaction that the user's own has begun on a connection without the guard may write, and takes the SET back
    /// with itself.
    private var proofLines: [String] {
        guard settings.contains(.readOnly) else { return [] }
        let state = "pgfob_\(ServerSetting.transactionState)"
        return [
            // Stays where there is no connection to ask.
            "\\set \(state) on", "\(ServerSetting.transactionQuestion) \\gset pgfob_", "\\if :\(state)",
            "\\else",
        ] + Self.ending("the start-up file has begun a transaction that may write") + [
            "\\endif", "\\unset \(state)",
        ]
    }

    private static func ending(_ why: String) -> [String] {
        ["\\warn pgfob: \(why), so that psql does not open", "\\! kill $PPID"]
    }

    // MARK: The prompt

    /// `[PROD] orders-writer iam_dba@orders=> `; what stands after the name is psql's own to fill in.
    private var prompt: String {
        var words: [String] = []
        if let environment {
            let badge = "[\(Self.inPrompt(environment.badge))]"
            let colour = environment.promptColour
            words.append(isColoured ? "%[%033[\(colour)m%]\(badge)%[%033[0m%]" : badge)
        }
        words.append(Self.inPrompt(String(name.prefix(40))))
        if let endpoint { words.append("(\(endpoint.rawValue))") }
        if isOpened { words.append("(read-write)") }
        if let timeLeftFile { words.append(Self.timeLeft(timeLeftFile)) }
        words.append((watch.map { "%`\($0.script)`" } ?? "") + "%n@%/%R%x%# ")
        return words.joined(separator: " ")
    }

    /// What the password file says of itself, read by a shell at every prompt.
    private static func timeLeft(_ file: String) -> String {
        let line = PasswordFile.lifeMark
        return "%`end=$(sed -n \"s/^\(line)//p\" \(file) 2>/dev/null); "
            + "if [ \"$end\" ]; then echo \"$(( (end - $(date +%s) + 59) / 60 ))m\"; fi`"
    }

    /// A text in a prompt: a percent sign is doubled, backquotes and what is not seen are dropped.
    static func inPrompt(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars where scalar != "`" && isSeen(scalar) {
            result += scalar == "%" ? "%%" : String(scalar)
        }
        return result
    }

    // MARK: Quoting

    /// To the profile's own database.
    private var home: String {
        ([connect(conninfo, keeping: false)] + settingWords).joined(separator: " ")
    }

    /// To the database that the user has gone to since, by psql's own word: its name is never part of a command.
    private var here: String {
        var here = conninfo
        here["dbname"] = nil
        // Else an address that the user has gone to would be kept.
        if here["service"] == nil { here["hostaddr"] = here["hostaddr"] ?? "" }
        return ([connect(here, keeping: true)] + settingWords).joined(separator: " ")
    }

    /// The one or the other: psql forgets where it was once it has lost its connection. By names alone: of what stands in
    /// an `\if` it would say to its user that it is left out.
    private var reconnect: String {
        "\\set pgfob_way ':\(Self.ways)' :{?DBNAME} \\\\ :pgfob_way"
    }

    /// `\c "…"`, as a URI: nothing in it means anything to psql in any encoding.
    private func connect(_ conninfo: Conninfo, keeping: Bool) -> String {
        let seen = conninfo.settings.map { setting in
            (
                setting.keyword,
                String(String.UnicodeScalarView(setting.value.unicodeScalars.filter(Self.isSeen)))
            )
        }
        return "\\c \(keeping ? "-reuse-previous=on " : "")\"\(Conninfo(seen).queryText)\""
    }

    /// What is set behind it, on the same line.
    private var settingWords: [String] {
        guard !settings.isEmpty else { return [] }
        // The rest of the line is the shell's.
        let guarded = watch?.guarded.map { ["\\! : >\($0.file)"] } ?? []
        return Self.autocommits + ["\\\\"] + settings.map { "\($0.statement);" } + Self.autocommitsNoMore
            + guarded
    }

    /// One argument in single quotes: quotes and backslashes are doubled, what would end the line is dropped, and what is
    /// not ASCII is written by its bytes' numbers.
    static func argument(_ text: String) -> String {
        var result = "'"
        for scalar in text.unicodeScalars where isSeen(scalar) {
            guard scalar.isASCII else {
                for byte in String(scalar).utf8 { result += "\\x" + String(byte, radix: 16) }
                continue
            }
            if scalar == "'" || scalar == "\\" { result.unicodeScalars.append(scalar) }
            result.unicodeScalars.append(scalar)
        }
        return result + "'"
    }

    static func isSeen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: true
        }
    }
}

extension Environment {
    /// The colours of the prompt's word (ECMA-48, SGR).
    fileprivate var promptColour: String {
        switch self {
        case .prod: "1;37;41"
        case .stage: "30;43"
        case .dev: "30;42"
        case .local: "30;46"
        case .other: "30;47"
        }
    }
}
