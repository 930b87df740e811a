import Profiles

/// Writes profiles for other programs, never with a secret. What a format has no place for stands in a comment that
/// only pgfob reads, so that reading the file back gives the same profiles.
package struct ProfileWriter: Sendable {
    private let maker: ProfileMaker
    /// The file of root certificates that pgfob uses for a profile that names none; other programs have to be told.
    private let rootCertificates: @Sendable (Profile) -> String?
    /// The program that prints the token of the profile whose name follows, with its arguments.
    private let tokenCommand: [String]

    package init(
        maker: ProfileMaker, tokenCommand: [String] = ["pgfob", "token"],
        rootCertificates: @escaping @Sendable (Profile) -> String? = { _ in nil }
    ) {
        self.maker = maker
        self.rootCertificates = rootCertificates
        self.tokenCommand = tokenCommand
    }

    package func text(of profiles: [Profile], as format: ExportFormat) -> String {
        switch format {
        case .json: return profiles.map { ProfileJSON.export($0) + "\n" }.joined()
        case .csv: return ProfileCSV.head + profiles.map(ProfileCSV.line).joined()
        case .uri, .psql:
            return profiles.map { profile in
                let line = format == .uri ? conninfo(profile).uriText : conninfo(profile).psqlText
                return withComment(profile, format) { [$0, line] }
            }.joined()
        case .service:
            var names: Set<String> = []
            return profiles.map { profile in
                let name = sectionName(profile, &names)
                // libpq would take a section without a host for the default server, and one may not name another:
                // for libpq it is a comment.
                guard !profile.host.isEmpty else {
                    return withComment(profile, format) { [ServiceFile.mark(name), $0] } + "\n"
                }
                let lines = serviceLines(profile)
                return withComment(profile, format) { ["[\(name)]", $0] + lines } + "\n"
            }.joined()
        case .pgadmin where profiles.isEmpty: return "{\n  \"Servers\": {}\n}\n"
        case .pgadmin:
            let servers = profiles.enumerated().map { index, profile in
                var members = server(profile)
                let plain = JSONText.object([.init("Servers", .object([.init("1", .object(members))]))]).text
                let extra = missing(profile, from: plain, .pgadmin)
                if !extra.isEmpty { members.append(.init("pgfob", ExtraFields.object(extra))) }
                return "    \"\(index + 1)\": \(JSONText.object(members).text)"
            }
            return "{\n  \"Servers\": {\n\(servers.joined(separator: ",\n"))\n  }\n}\n"
        }
    }

    /// Lines of text that hold a comment with what the rest of them loses.
    private func withComment(
        _ profile: Profile, _ format: ExportFormat, _ lines: (String?) -> [String?]
    ) -> String {
        func text(_ comment: String?) -> String {
            lines(comment).compactMap { $0 }.map { $0 + "\n" }.joined()
        }
        return text(ExtraFields.comment(missing(profile, from: text(nil), format)))
    }

    /// The fields that come back otherwise than they are.
    private func missing(_ profile: Profile, from text: String, _ format: ExportFormat) -> [String: String] {
        let reading = format.imported.read(text, maker: maker, knownKeywords: [])
        let back = reading.drafts.first?.profile
        var fields: [String: String] = [:]
        for field in ProfileField.allCases where back?.text(of: field) != profile.text(of: field) {
            fields[field.rawValue] = profile.text(of: field)
        }
        return fields
    }

    /// What other programs can connect by: pgfob's own bundle named, an address to dial only where libpq takes it.
    private func conninfo(_ profile: Profile) -> Conninfo {
        let dial = profile.dial.flatMap { DialAddress($0, defaultPort: profile.port) }
        let address = dial.flatMap { HostName($0.host).isNumeric && !profile.host.isEmpty ? $0 : nil }
        var conninfo = profile.conninfo(
            hostaddr: address?.host,
            sslrootcert: profile.sslrootcert == nil ? rootCertificates(profile) : nil)
        if let address, address.port != profile.port { conninfo["port"] = String(address.port) }
        // libpq refuses a whole text for one keyword that it does not know.
        let known = maker.knownKeywords
        if !known.isEmpty { conninfo.settings.removeAll { !known.contains($0.keyword) } }
        return conninfo
    }

    // MARK: pg_service.conf

    /// What libpq 15 does not know; it refuses a whole file for one of them.
    private static let newerKeywords: Set<String> = [
        "require_auth", "sslcertmode", "gssdelegation", "load_balance_hosts", "sslnegotiation",
        "min_protocol_version", "max_protocol_version", "sslkeylogfile", "scram_client_key",
        "scram_server_key",
        "oauth_issuer", "oauth_client_id", "oauth_client_secret", "oauth_scope", "oauth_ca_file",
        "servicefile",
    ]

    private func serviceLines(_ profile: Profile) -> [String] {
        conninfo(profile).settings.filter { setting in
            // libpq drops blanks at the end, takes those at the beginning, and knows no quotes.
            setting.keyword != "service" && !Self.newerKeywords.contains(setting.keyword)
                && setting.value == setting.value.trimmingBlanks() && !setting.value.isEmpty
        }.map { "\($0.keyword)=\($0.value)" }.filter { $0.utf8.count <= ExtraFields.lineLimit }
    }

    private func sectionName(_ profile: Profile, _ taken: inout Set<String>) -> String {
        let plain = ProfileMaker.cleaned(profile.name, limit: 100).filter { $0 != "[" && $0 != "]" }
            .trimmingBlanks()
        var (name, number) = (plain.isEmpty ? "profile" : plain, 2)
        while !taken.insert(name).inserted {
            name = "\(plain) \(number)"
            number += 1
        }
        return name
    }

    // MARK: servers.json

    /// How long pgAdmin may use a token that a command gave, in seconds: RDS takes it for 900.
    private static let tokenLife = 840

    /// The user of a server that names none.
    private static let anyUser = "postgres"

    /// For a shell. pgAdmin puts the server's own words for %HOSTNAME%, %PORT% and %USERNAME%, wherever they stand: a
    /// quote that closes and opens again keeps those of a name apart.
    private func command(for name: String) -> String {
        (tokenCommand + [name]).map { word in
            let isPlain = word.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
                    || [0x2d, 0x2e, 0x2f, 0x5f].contains($0)
            }
            return isPlain && word != name ? word : ShellWords.quoted(word).replacing("%", with: "%''")
        }.joined(separator: " ")
    }

    private func server(_ profile: Profile) -> [JSONText.Member] {
        let whole = conninfo(profile)
        var members: [JSONText.Member] = [
            .init("Name", .string(profile.name)),
            .init("Group", .string(profile.group ?? PgAdminServers.defaultGroup)),
        ]
        if profile.host.isEmpty {
            members.append(.init("Service", .string(profile.service ?? "")))
        } else {
            members.append(.init("Host", .string(HostName.normalised(profile.host))))
        }
        members.append(.init("Port", .integer(whole["port"].flatMap { Int($0) } ?? profile.port)))
        members.append(.init("MaintenanceDB", .string(profile.database)))
        // pgAdmin loads no file in which a host has no user.
        if let user = profile.user ?? (profile.host.isEmpty ? nil : Self.anyUser) {
            members.append(.init("Username", .string(user)))
        }
        if !profile.notes.isEmpty { members.append(.init("Comment", .string(profile.notes))) }
        if !profile.tags.isEmpty {
            let tags = profile.tags.map {
                JSONText.object([.init("text", .string($0)), .init("color", .string("#808080"))])
            }
            members.append(.init("Tags", .array(tags)))
        }
        if profile.auth == .iam {
            members.append(.init("PasswordExecCommand", .string(command(for: profile.name))))
            members.append(.init("PasswordExecExpiration", .integer(Self.tokenLife)))
        }
        if case .ssh(let destination, let port)? = profile.tunnel.flatMap({ try? TunnelDefinition($0) }) {
            let parts = destination.split(separator: "@", maxSplits: 1).map(String.init)
            members += [
                .init("UseSSHTunnel", .integer(1)), .init("TunnelHost", .string(parts.last ?? "")),
                .init("TunnelPort", .string(String(port ?? 22))),
                .init("TunnelUsername", .string(parts.count == 2 ? parts[0] : "")),
            ]
        }
        let own: Set<String> = ["host", "port", "dbname", "user", "service"]
        let parameters = whole.settings.filter { !own.contains($0.keyword) }
        members.append(
            .init("ConnectionParameters", .object(parameters.map { .init($0.keyword, .string($0.value)) })))
        return members
    }
}
