import Profiles

extension CauseCode {
    func nameAdvice(_ seen: Observation) -> Advice {
        switch self {
        case .dnsNotFound where seen.dialsEndpoint:
            Advice(
                "no DNS knows \(seen.host): a typing error, a deleted or renamed cluster, or a resolver that keeps "
                    + "private addresses back",
                check:
                    "`dig \(seen.host) @1.1.1.1`: RDS's names stand in public DNS, those of private addresses too",
                fix:
                    "check the host in the profile against the RDS console, then this network's or the VPN's DNS",
                .edit(.host))
        case .dnsNotFound:
            Advice(
                "no DNS knows \(seen.host): a typing error, a deleted cluster, or a private zone without its VPN",
                check: "`getent hosts \(seen.host)` on this machine and on one inside the network",
                fix: "check the \(seen.dial == nil ? "host" : "dial") in the profile, then the VPN",
                .edit(seen.dial == nil ? .host : .dial))
        case .dnsTemporary:
            Advice(
                "the resolver did not answer for \(seen.host)", check: "whether any other name resolves",
                fix: "check the network and the VPN's DNS, then test again", .again)
        case .dnsTimeout where seen.nameTook != nil:
            Advice(
                "the name alone took \(seen.nameTook ?? "most") of the time, and little was left",
                check: "`time getent hosts` with the name",
                fix: "check the network and the VPN's DNS, or allow more time with --timeout", .again)
        default:
            Advice(
                "the resolver gave no answer for \(seen.host) in the time allowed",
                check: "whether any other name resolves",
                fix: "check the network and the VPN's DNS, or allow more time with --timeout", .again)
        }
    }

    func networkAdvice(_ seen: Observation) -> Advice {
        let place = "\(seen.host):\(seen.port)"
        if let socket = seen.socket, self == .tcpRefused || self == .tcpUnreachable {
            return socketAdvice(socket, seen)
        }
        return switch self {
        case .tcpRefused:
            Advice(
                "nothing listens at \(place): a wrong port, a server that is restarting, or a tunnel not up",
                check: "the host itself answered: only the port is shut",
                fix:
                    "check the \(seen.portField.rawValue) in the profile, and whether the server or the tunnel runs",
                .edit(seen.portField))
        case .tcpTimeout where seen.dialsEndpoint && seen.isPrivate == true:
            Advice(
                "nothing answers at \(place), whose address is private: no VPN leads there from this machine, or a "
                    + "security group drops the packets",
                check: "whether the VPN is up and has a route to the address" + Self.pause(seen),
                fix:
                    "connect the right VPN, or set a tunnel through a bastion; then have the security group let it in at "
                    + "port \(seen.port)", .again)
        case .tcpTimeout where seen.dialsEndpoint && seen.isPrivate == false:
            Advice(
                "nothing answers at \(place), whose address is public: the security group does not let this machine in, "
                    + "or a firewall here lets port \(seen.port) not out",
                check: "the security group's inbound rules name this machine's public address"
                    + Self.pause(seen),
                fix: "have the security group let that address in at port \(seen.port), or connect the VPN",
                .again)
        case .tcpTimeout:
            Advice(
                "nothing answers at \(place): a security group or a firewall drops the packets, or no route",
                check: "the security group's inbound rule for port \(seen.port), and whether the VPN is up"
                    + Self.pause(seen),
                fix: "check the VPN, then have port \(seen.port) opened to this address", .again)
        case .tcpUnreachable where seen.isIPv6:
            Advice(
                "\(place) has IPv6 addresses alone, and this network has no way to them",
                check: "`ip -6 route get` for the address",
                fix: "use a network or a VPN that has IPv6, or dial an IPv4 address", .edit(.dial))
        case .tcpUnreachable:
            Advice(
                "there is no way to \(place) from this network", check: "`ip route get` for the address",
                fix: "connect the VPN, or check its routes", .again)
        default: tunnelAdvice(seen)
        }
    }

    /// One reason for silence that looks like all others: Aurora holds the first connections back until a paused
    /// serverless cluster runs (Aurora User Guide, "Scaling to zero ACUs").
    static func pause(_ seen: Observation) -> String {
        switch seen.endpointName.kind {
        case .clusterWriter, .clusterReader, .custom, .instance:
            "; a paused Aurora Serverless takes 15 s and more to wake up: `pgfob test --timeout 60`"
        default: ""
        }
    }

    /// No network is between: the server's file is not there, not its own any more, or not for everybody.
    private func socketAdvice(_ path: String, _ seen: Observation) -> Advice {
        let folders = "`show unix_socket_directories` on the server tells where it has its socket"
        if self == .tcpUnreachable {
            return Advice(
                "the socket \(path) may not be opened by this user", check: "`ls -l \(path)`",
                fix: "run pgfob as a user who may open it, or connect by TCP", .edit(.host))
        }
        return seen.says("no such file or directory")
            ? Advice(
                "there is no socket \(path): the server does not run, or has it in another folder or for another port",
                check: folders,
                fix: "start the server, or correct host (the socket's folder) and port in the profile",
                .edit(.host))
            : Advice(
                "no server takes connections at the socket \(path): it has ended, or is restarting",
                check: folders, fix: "start the server, then test again", .again)
    }

    func tlsAdvice(_ seen: Observation) -> Advice {
        let place = seen.placeWords
        return switch self {
        case .notPostgres:
            Advice(
                "what answers at \(place) does not speak PostgreSQL: another service, or a proxy in between",
                check: "the message shows how it begins: H is a web server, SSH a bastion",
                fix: "check \(seen.placeFields) in the profile", .edit(seen.portField))
        case .tlsNotSupported:
            Advice(
                "the server at \(place) offers no TLS: it is not RDS, or a pooler without TLS",
                check: "every RDS server offers it",
                fix: "check \(seen.placeFields); only for a server of your own, set sslmode to disable",
                .edit(seen.dial == nil ? .host : .dial))
        case .tlsVersion:
            Advice(
                "at \(place) there is no TLS, or none of a version that both sides speak",
                check: "ssl_min_protocol_version of the server; libpq takes 1.2 and later",
                fix: "check the port; for an old server, have its TLS updated", .edit(.port))
        case .tlsTimeout where seen.tunnel != nil:
            Advice(
                "nothing comes from \(place): its far end has no way there, or the server is frozen",
                check: "whether another client gets further through it" + Self.pause(seen),
                fix: "check that the tunnel's far end may connect there, then the server's state", .again)
        case .tlsTimeout:
            Advice(
                "\(place) accepts connections and then says nothing: a frozen server, or a proxy without a target",
                check: "whether another client gets further" + Self.pause(seen),
                fix: "check the server's state, and that the port is PostgreSQL's", .again)
        case .tlsClosed:
            Advice(
                "the connection to \(place) was closed before TLS was up: a tunnel or proxy without its target, "
                    + "or a server restarting",
                check: "the tunnel's own messages say who closed it",
                fix: "check the tunnel, or test again in a minute", .again)
        case .clientKeyUnusable:
            Advice(
                "libpq cannot use this machine's client certificate, or its key",
                check: "~/.postgresql/postgresql.crt and postgresql.key, or what sslcert and sslkey name",
                fix:
                    "give it a key of mode 0600 without a pass phrase; RDS asks for no certificate: the parameter "
                    + "sslcert may name a file that is not there", .edit(.parameters))
        case .caMissing, .caUnreadable, .caUnknown: rootsAdvice(seen)
        case .certExpired where seen.certificate?.isRootsOwn == true: rootsAdvice(seen)
        case .certExpired:
            Advice(
                Self.datesText(seen, "a certificate of the server's chain has expired"),
                check: "this machine's clock, then the certificate authority of the instance",
                fix: "have the server's certificate renewed; check this machine's clock first", .again)
        case .certNotYetValid:
            Advice(
                Self.datesText(seen, "a certificate of the server is not valid yet"),
                check: "the date on this machine", fix: "check this machine's clock", .again)
        case _ where seen.dial != nil && seen.endpointName.isSignable:
            Advice(
                Self.namesText(seen), check: "whether what is dialled is the endpoint, or a way to it",
                fix: "check the dial in the profile: another server than the endpoint answers there",
                .edit(.dial))
        default:
            Advice(
                Self.namesText(seen), check: "a tunnel, an alias or an address was named as host",
                fix: "name the RDS endpoint as host, and dial another address with the profile's dial",
                .edit(.host))
        }
    }

    /// The file of root certificates is at fault, or too old.
    private func rootsAdvice(_ seen: Observation) -> Advice {
        let isRDS = seen.endpointName.isSignable && seen.endpointName.kind != .proxy
        let isPublic = seen.endpointName.kind == .proxy || seen.endpointName.kind == .dsql
        let text =
            switch self {
            case .caMissing: Self.rootsText(seen, "the CA bundle does not exist")
            case .caUnreadable: Self.rootsText(seen, "the CA bundle cannot be read")
            case .certExpired: Self.datesText(seen, "a root of the CA bundle has expired")
            default: Self.authorityText(seen)
            }
        let check = "`pgfob ca` shows the bundle in force, its roots and their days"
        if case .other(let words, _) = seen.certificate {
            return Advice(
                text, check: "`openssl verify -show_chain` with the same bundle says \(words) too",
                fix:
                    "have the server's certificate replaced, or name a bundle of its authority in sslrootcert",
                .again)
        }
        if self == .caMissing, seen.says("root certificate file \"system\"") {
            return Advice(
                "this libpq does not know the word system for the system's roots: version 16 does",
                check: "`psql --version`",
                fix: "name their file in sslrootcert, such as /etc/ssl/certs/ca-certificates.crt",
                .edit(.sslrootcert))
        }
        if isPublic, self == .caUnknown {
            return Advice(
                text, check: "RDS Proxy and DSQL show certificates of public authorities",
                fix: "leave sslrootcert empty: the system's own roots are used then",
                seen.hasOwnRoots ? .set(.sslrootcert, "") : .edit(.sslrootcert))
        }
        if isRDS {
            let words = seen.hasOwnRoots ? "use the RDS bundle in its place" : "fetch the RDS bundle"
            return Advice(text, check: check, fix: "\(words): `pgfob ca fetch`", .fetchBundle)
        }
        return Advice(
            text, check: check,
            fix: "name the file of the authority that signed it in the profile's sslrootcert",
            .edit(.sslrootcert))
    }

    private static func rootsText(_ seen: Observation, _ otherwise: String) -> String {
        switch seen.certificate {
        case .rootsMissing(let path): "the CA bundle \(path) does not exist"
        case .rootsUnreadable(let path, let reason): "the CA bundle \(path) cannot be used: \(reason)"
        default: otherwise
        }
    }

    private static func authorityText(_ seen: Observation) -> String {
        if case .other(let words, let subject) = seen.certificate {
            let whose = subject.isEmpty ? "the server's certificate" : "the certificate \(subject)"
            return "OpenSSL does not accept \(whose): \(words)"
        }
        guard case .unknownAuthority(let issuer) = seen.certificate, !issuer.isEmpty else {
            return "the server's certificate was signed by an authority that the CA bundle does not hold"
        }
        return "the server's certificate was signed by \(issuer), which the CA bundle does not hold"
    }

    private static func datesText(_ seen: Observation, _ otherwise: String) -> String {
        switch seen.certificate {
        case .expired(let subject, let since) where !since.isEmpty:
            "the server's certificate \(subject) expired at \(since)"
        case .rootExpired(let subject, let since):
            "the root \(subject) in the CA bundle expired at \(since): the bundle is too old"
        case .notYetValid(let subject, let from):
            "the server's certificate \(subject) is valid only from \(from)"
        default: otherwise
        }
    }

    private static func namesText(_ seen: Observation) -> String {
        guard case .nameMismatch(let names) = seen.certificate, let first = names.first else {
            return "the server's certificate is for another host than \(seen.host)"
        }
        let more = names.count > 1 ? " and \(names.count - 1) more" : ""
        return "the server's certificate is for \(first)\(more), not for \(seen.host)"
    }
}
