extension CauseCode {
    func nameAdvice(_ seen: Observation) -> Advice {
        switch self {
        case .dnsNotFound:
            Advice(
                "no DNS knows \(seen.host): a typing error, a deleted cluster, or a private zone without its VPN",
                fix: "check the host in the profile, then the VPN")
        case .dnsTemporary:
            Advice(
                "the resolver did not answer for \(seen.host)",
                fix: "check the network and the VPN's DNS, then test again")
        default:
            Advice(
                "the resolver gave no answer for \(seen.host) in the time allowed",
                fix: "check the network and the VPN's DNS, or allow more time with --timeout")
        }
    }

    func networkAdvice(_ seen: Observation) -> Advice {
        let place = "\(seen.host):\(seen.port)"
        return switch self {
        case .tcpRefused:
            Advice(
                "nothing listens at \(place): a wrong port, a server that is restarting, or a tunnel not up",
                fix: "check the port in the profile, and whether the server or the tunnel runs")
        case .tcpTimeout:
            Advice(
                "nothing answers at \(place): a security group or a firewall drops the packets, or no route",
                fix: "check the VPN, then the security group's rule for port \(seen.port)")
        case .tcpUnreachable:
            Advice(
                "there is no way to \(place) from this network", fix: "connect the VPN, or check its routes")
        case .tunnelAuth:
            Advice("the bastion refused the login", fix: "check the ssh key and the bastion's user")
        case .tunnelHostkey:
            Advice("the bastion's host key is not the one known", fix: "verify it, then correct known_hosts")
        case .tunnelRefused:
            seen.says("connect failed", "destination port failed")
                ? Advice(
                    "the bastion cannot connect to \(seen.host): a security group between them, or a wrong port",
                    fix: "check host and port in the profile, and the security group's rule for the bastion")
                : Advice(
                    "the bastion may not forward to \(seen.host)",
                    fix: "check the bastion's PermitOpen and its network")
        case .tunnelTimeout:
            Advice("the bastion does not answer", fix: "check the VPN and the bastion's address")
        default:
            Advice("the tunnel's program was not found", fix: "install ssh or the Session Manager plugin")
        }
    }

    func tlsAdvice(_ seen: Observation) -> Advice {
        let place = "\(seen.host):\(seen.port)"
        let fetch = "get the RDS bundle that AWS publishes and name it in the profile's sslrootcert"
        return switch self {
        case .notPostgres:
            Advice(
                "what answers at \(place) does not speak PostgreSQL: another service, or a proxy in between",
                fix: "check host and port in the profile")
        case .tlsNotSupported:
            Advice(
                "the server at \(place) offers no TLS: it is not RDS, or a pooler without TLS",
                fix: "check host and port; only for a server of your own, set sslmode to disable")
        case .tlsVersion:
            Advice(
                "no version of TLS that both sides speak, or no TLS at all behind \(place)",
                fix: "check the port; for an old server, see its TLS versions (ssl_min_protocol_version)")
        case .tlsTimeout:
            Advice(
                "\(place) accepts connections and then says nothing: a frozen server, or a proxy without a target",
                fix: "check the server's state, and that the port is PostgreSQL's")
        case .tlsClosed:
            Advice(
                "the connection to \(place) was closed before TLS was up: a tunnel or proxy without its target, "
                    + "or a server restarting",
                fix: "check the tunnel's own messages, or test again in a minute")
        case .caMissing:
            Advice(Self.rootsText(seen, "the CA bundle does not exist"), fix: fetch)
        case .caUnreadable:
            Advice(Self.rootsText(seen, "the CA bundle cannot be read"), fix: fetch)
        case .caUnknown:
            Advice(Self.authorityText(seen), fix: fetch)
        case .certExpired:
            Advice(
                Self.datesText(seen, "a certificate of the server's chain has expired"),
                fix: "have the server's certificate renewed; check this machine's clock first")
        case .certNotYetValid:
            Advice(
                Self.datesText(seen, "a certificate of the server is not valid yet"),
                fix: "check this machine's clock")
        default:
            Advice(
                Self.namesText(seen),
                fix: "name the RDS endpoint as host, and dial another address with the profile's dial")
        }
    }

    private static func rootsText(_ seen: Observation, _ otherwise: String) -> String {
        switch seen.certificate {
        case .rootsMissing(let path): "the CA bundle \(path) does not exist"
        case .rootsUnreadable(let path, let reason): "the CA bundle \(path) cannot be used: \(reason)"
        default: otherwise
        }
    }

    private static func authorityText(_ seen: Observation) -> String {
        guard case .unknownAuthority(let issuer) = seen.certificate, !issuer.isEmpty else {
            return "the server's certificate was signed by an authority that the CA bundle does not hold"
        }
        return "the server's certificate was signed by \(issuer), which the CA bundle does not hold"
    }

    private static func datesText(_ seen: Observation, _ otherwise: String) -> String {
        switch seen.certificate {
        case .expired(let subject, let since) where !since.isEmpty:
            "the server's certificate \(subject) expired at \(since)"
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
