import ArgumentParser
import Operations
import Profiles

/// The options of `add` and `edit` that are fields of a profile.
struct FieldOptions: ParsableArguments {
    @Option(help: "The endpoint's host name.") var host: String?
    @Option(help: "Its port (5432).") var port: String?
    @Option(help: "The database (postgres).") var database: String?
    @Option(help: "The database user.") var user: String?
    @Option(
        help: "iam, password, pgpass, service or none.",
        completion: .list(["iam", "password", "pgpass", "service", "none"])) var auth: String?
    @Option(help: "A section of pg_service.conf.") var service: String?
    @Option(help: "Whose AWS credentials sign.", completion: Completion.awsProfiles) var awsProfile: String?
    @Option(help: "The database's region, where the host does not tell.") var region: String?
    @Option(
        help: "prod, stage, dev, local or a word of your own.",
        completion: .list(["prod", "stage", "dev", "local"])) var env: String?
    @Option(help: "A group of your own.", completion: Completion.groups) var group: String?
    @Option(help: "A tag; may be repeated. An empty one clears.") var tag: [String] = []
    @Option(help: "Free text.") var notes: String?
    @Flag(inversion: .prefixedNo, help: "Whether it stands before the others.") var pinned: Bool?
    @Option(
        help: "verify-full unless you know better.",
        completion: .list(["verify-full", "verify-ca", "require", "prefer", "allow", "disable"])) var sslmode:
        String?
    @Option(help: "A file of root certificates.", completion: .file()) var sslrootcert: String?
    @Option(
        help: ArgumentHelp(
            "What to go through: 'ssh HOST', 'ssm TARGET', 'command PROGRAM ... {port}', or a name in config.toml.",
            valueName: "tunnel")) var tunnel: String?
    @Option(help: ArgumentHelp("Where to dial instead.", valueName: "name-or-address[:port]")) var dial:
        String?
    @Option(help: ArgumentHelp("What to sign for instead.", valueName: "host[:port]")) var signingHost:
        String?
    @Flag(inversion: .prefixedNo, help: "Whether sessions start read-only.") var readOnly: Bool?
    @Option(help: "none, key or name.", completion: .list(["none", "key", "name"])) var confirm: String?
    @Option(help: ArgumentHelp("Seconds.", valueName: "seconds")) var connectTimeout: String?
    @Option(help: "What pg_stat_activity shows.") var applicationName: String?
    @Option(help: ArgumentHelp("A further libpq keyword; may be repeated.", valueName: "key=value"))
    var parameter: [String] = []

    private var texts: [(ProfileField, String?)] {
        [
            (.auth, auth), (.host, host), (.port, port), (.database, database), (.user, user),
            (.service, service), (.awsProfile, awsProfile), (.region, region), (.environment, env),
            (.group, group), (.notes, notes), (.pinned, pinned.map { $0 ? "yes" : "no" }),
            (.sslmode, sslmode), (.sslrootcert, sslrootcert), (.tunnel, tunnel), (.dial, dial),
            (.signingHost, signingHost),
            (.readOnly, readOnly.map { $0 ? "yes" : "no" }), (.confirm, confirm),
            (.connectTimeout, connectTimeout), (.applicationName, applicationName),
        ]
    }

    /// Whether none was given.
    var isEmpty: Bool { texts.allSatisfy { $0.1 == nil } && tag.isEmpty && parameter.isEmpty }

    /// Writes what was given into a profile; an empty value clears.
    ///
    /// - Returns: what was taken apart, one line each.
    /// - Throws: ``Refusal`` of kind `usage` that names the field.
    func apply(to profile: inout Profile) throws(Refusal) -> [String] {
        var settings = ["host": host, "port": port].compactMapValues { $0 }
        var notes = WrittenHost.settle(&settings)
        if let host, host.hasSuffix("."), host.count > 1 { notes.append(WrittenHost.dotNote) }
        do throws(FieldProblem) {
            for (field, text) in texts {
                let settled =
                    switch field {
                    case .host: settings["host"]
                    case .port: settings["port"]
                    default: text
                    }
                guard let text = settled else { continue }
                do throws(FieldProblem) { try profile.set(field, to: text) } catch {
                    throw error.repeating(text)
                }
            }
            if !tag.isEmpty {
                // An empty one clears, as everywhere.
                let kept = tag.contains("") ? [] : profile.tags
                try profile.set(.tags, to: (kept + tag).joined(separator: ","))
            }
            try setParameters(of: &profile)
        } catch {
            throw Refusal(
                .usage, "--\(error.field.option) \(error.message)", do: "correct it and try again",
                field: error.field)
        }
        return notes
    }

    private func setParameters(of profile: inout Profile) throws(FieldProblem) {
        guard !parameter.isEmpty else { return }
        var parameters = profile.parameters
        for text in parameter {
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
                throw FieldProblem(.parameters, "\"\(DialAddress.shown(text))\" is not KEY=VALUE")
            }
            let value = String(text[text.index(after: equals)...])
            parameters[String(text[..<equals])] = value.isEmpty ? nil : value
        }
        try profile.set(.parameters, to: Conninfo(parameters.sorted { $0.key < $1.key }).keywordText)
    }
}

extension ProfileField {
    /// The option that sets it.
    var option: String {
        switch self {
        case .environment: "env"
        case .tags: "tag"
        case .parameters: "parameter"
        default: String(rawValue.map { $0 == "_" ? "-" : $0 })
        }
    }
}
