import Profiles
import Synchronization
import TLS
import Workers

/// Follows a DNS alias of the user's own to the endpoint behind it: RDS accepts a token, and shows a certificate, for
/// the endpoint's name alone (Aurora User Guide, "Limitations for IAM database authentication").
final class AliasFollower: Sendable {
    private struct Known {
        var endpoint: String?
        var until: ContinuousClock.Instant
    }

    /// How long an answer is believed.
    private static let life = Duration.seconds(30)
    /// Longer than a resolver that works takes; one that does not must not eat up an attempt's time.
    private static let patience = Duration.seconds(4)

    private let known = Mutex<[String: Known]>([:])
    private let lookUp: @Sendable (String, Wait) -> [String]

    /// - Parameter lookUp: the names that a name is an alias of; asks the system's resolver unless a test answers.
    init(lookUp: @escaping @Sendable (String, Wait) -> [String] = { NameResolver.aliases(of: $0, wait: $1) })
    {
        self.lookUp = lookUp
    }

    /// The profile with the endpoint's own name as its host, where its host is an alias of one. Blocks on DNS, but
    /// only for names that are no endpoints themselves and have no `signing_host`.
    func followed(_ profile: Profile, _ wait: Wait) -> Profile {
        guard profile.auth == .iam, profile.signingHost == nil, HostName(profile.host).kind == .other,
            let endpoint = endpoint(behind: profile.host, wait)
        else { return profile }
        var followed = profile
        followed.host = endpoint
        return followed
    }

    /// The first name of the chain that is an endpoint: a public instance is itself an alias of a machine's name.
    private func endpoint(behind host: String, _ wait: Wait) -> String? {
        let name = HostName.normalised(host)
        if let entry = known.withLock({ $0[name] }), entry.until > .now { return entry.endpoint }
        let limit = wait.share(0.3, atMost: Self.patience)
        let endpoint = lookUp(name, limit).first { HostName($0).isSignable }
        guard !wait.cancellation.isCancelled else { return nil }
        known.withLock { $0[name] = Known(endpoint: endpoint, until: .now + Self.life) }
        return endpoint
    }
}
