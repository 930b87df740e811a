/// What a token has to be signed for: it is good for this endpoint, port, region and user alone.
package struct SigningTarget: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case rds
        /// A DSQL login as any role but `admin`: the action is DbConnect.
        case dsql
        /// A DSQL login as `admin`: the action is DbConnectAdmin.
        case dsqlAdmin
    }

    /// The host as typed, without the dot that a name may end on; the signature is over its lower-cased form.
    package var host: String
    package var port: Int
    package var region: Region
    package var user: String
    package var kind: Kind

    package init(host: String, port: Int, region: Region, user: String, kind: Kind? = nil) {
        self.host = host
        self.port = port
        self.region = region
        self.user = user
        let isDSQL = HostName(host).kind == .dsql
        self.kind = kind ?? (isDSQL ? (user == "admin" ? .dsqlAdmin : .dsql) : .rds)
    }
}

extension Profile {
    /// What this profile's token is signed for.
    ///
    /// The region is the profile's own, else the one in the name that is signed for, else the one in the
    /// endpoint's name, else the default: only the database's region is right (facts/aws.md 2.2).
    ///
    /// - Parameter defaultRegion: of the AWS configuration.
    /// - Throws: ``ProfileProblem`` where a field is missing, the region cannot be known, or the host is one
    ///   that a token must not be signed for silently.
    package func signingTarget(defaultRegion: Region?) throws(ProfileProblem) -> SigningTarget {
        guard sslmode.insistsOnTLS else {
            throw ProfileProblem(
                .tlsRequiredByToken, "a token must not travel with sslmode \(sslmode.rawValue)",
                fix: "set sslmode to verify-full")
        }
        guard let user, !user.isEmpty else {
            throw ProfileProblem(
                .incomplete, "an IAM login needs a database user", fix: "set the user of the profile")
        }
        guard !host.isEmpty else {
            throw ProfileProblem(
                .incomplete, "an IAM login needs an endpoint", fix: "set the host of the profile")
        }
        // Earlier versions have saved what is none.
        guard HostSyntax.isHost(host) else {
            let written = WrittenHost(host)
            throw ProfileProblem(
                .hostInvalid, "host \"\(DialAddress.shown(host))\" is no host name",
                fix: written?.port.map { "set the host to \(written?.host ?? "") and the port to \($0)" }
                    ?? "set the host to the endpoint's name")
        }
        let signed = try signedEndpoint()
        let name = HostName(signed.host)
        if signingHost == nil {
            switch name.kind {
            case .loopback, .address:
                throw ProfileProblem(
                    .hostNotSignable, "no token is signed for \(signed.host): RDS knows only endpoint names",
                    fix: "set host to the endpoint and dial to \(signed.host), or set signing_host")
            case .other where region == nil:
                throw ProfileProblem(
                    .hostNotSignable, "\(signed.host) is not an RDS endpoint name",
                    fix:
                        "set host or signing_host to the endpoint; an alias in DNS is followed when it is used"
                )
            default: break
            }
        }
        let isGlobal = name.kind == .globalWriter
        let own = region ?? name.region ?? HostName(host).region
        // The writer of a global database may be anywhere: the caller's own region says nothing of it.
        guard let region = own ?? (isGlobal ? nil : defaultRegion) else {
            if isGlobal {
                throw ProfileProblem(
                    .regionUnknown, "the name of a global endpoint tells no region",
                    fix:
                        "set the region of the profile to that of the current writer; it changes with a failover"
                )
            }
            throw ProfileProblem(
                .regionUnknown, "the region of \(signed.host) is not in its name",
                fix: "set the region of the profile")
        }
        return SigningTarget(host: signed.host, port: signed.port, region: region, user: user)
    }

    private func signedEndpoint() throws(ProfileProblem) -> (host: String, port: Int) {
        guard let signingHost else { return (HostName.withoutDot(host), port) }
        guard let address = DialAddress(signingHost, defaultPort: port) else {
            throw ProfileProblem(
                .hostInvalid, "signing_host \"\(DialAddress.shown(signingHost))\" is not HOST or HOST:PORT",
                fix: "correct signing_host")
        }
        return (HostName.withoutDot(address.host), address.port)
    }
}
