extension Profile {
    /// What is wrong with the profile as a whole, in the form's order; errors keep it from being saved.
    package func problems() -> [FieldProblem] {
        var problems: [FieldProblem] = []
        // Values that came from elsewhere than the form, a JSON file or another program's hand, are judged too.
        var copy = self
        for field in ProfileField.allCases {
            do throws(FieldProblem) {
                try copy.set(field, to: text(of: field))
            } catch {
                problems.append(error)
            }
        }
        if name.trimmingBlanks().isEmpty {
            problems.append(FieldProblem(.name, "is missing: give it a name"))
        }
        if host.isEmpty, auth != .service {
            problems.append(FieldProblem(.host, "is missing: type the endpoint's host name"))
        }
        if auth == .service, service == nil {
            problems.append(
                FieldProblem(.service, "is missing: auth service needs a section of pg_service.conf"))
        }
        if !(1...65_535).contains(port) {
            problems.append(FieldProblem(.port, "\(port) is not a number 1-65535"))
        }
        if tunnel != nil { problems += tunnelProblems }
        if auth == .iam { problems += iamProblems }
        return problems
    }

    private var tunnelProblems: [FieldProblem] {
        var problems: [FieldProblem] = []
        if host.isEmpty {
            problems.append(FieldProblem(.host, "is missing: a tunnel has to know where it leads"))
        }
        if sslmode != .verifyFull {
            problems.append(
                FieldProblem(
                    .sslmode, "\(sslmode.rawValue) would trust the tunnel's far end: choose verify-full"))
        }
        return problems
    }

    /// A tunnel's name that the settings do not have: saved all the same, they may say it later.
    ///
    /// - Parameter names: those under `[tunnels]` in config.toml.
    package func unknownTunnel(among names: some Sequence<String>) -> FieldProblem? {
        guard let tunnel, case .named(let name)? = try? TunnelDefinition(tunnel), !names.contains(name) else {
            return nil
        }
        let remedy =
            Nearest.match(name, among: names).map { "did you mean \"\($0)\"?" }
            ?? "write \(name) = \"ssh HOST\" there"
        return FieldProblem(
            .tunnel, "\"\(name)\" is not under [tunnels] in config.toml: \(remedy)", severity: .note)
    }

    /// What a login needs and may be filled in later: saved without, and refused where a token is to be signed.
    package var lacking: FieldProblem? {
        guard auth == .iam, user == nil else { return nil }
        return FieldProblem(
            .user, "is missing: a token is signed for one database user", severity: .note)
    }

    private var iamProblems: [FieldProblem] {
        var problems = [lacking].compactMap { $0 }
        if !sslmode.insistsOnTLS {
            problems.append(
                FieldProblem(
                    .sslmode, "\(sslmode.rawValue) would send the token without TLS: choose verify-full"))
        } else if sslmode != .verifyFull {
            problems.append(
                FieldProblem(
                    .sslmode, "\(sslmode.rawValue) does not check the server's name: verify-full does",
                    severity: .note))
        }
        guard HostSyntax.isHost(host) else { return problems }
        // AWS's documents differ on whether a token for its own name is taken; its cluster is in no name.
        if signingHost == nil, HostName(host).kind == .custom {
            problems.append(
                FieldProblem(
                    .signingHost,
                    "if tokens for this custom endpoint are refused, set it to the cluster's endpoint",
                    severity: .note))
        }
        do throws(ProfileProblem) {
            var signed = self
            if signed.user == nil { signed.user = "user" }
            if !sslmode.insistsOnTLS { signed.sslmode = .verifyFull }
            _ = try signed.signingTarget(defaultRegion: nil)
        } catch {
            let field: ProfileField =
                switch error.kind {
                case .regionUnknown: .region
                case .hostInvalid: .signingHost
                default: .host
                }
            problems.append(FieldProblem(field, "\(error.message): \(error.fix)", severity: .note))
        }
        return problems
    }
}
