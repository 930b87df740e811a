import Diagnosis
import Profiles
import TLS
import Workers

/// Resolves the name that a profile dials instead of its endpoint: libpq's `hostaddr` takes addresses only.
enum DialResolver {
    /// How long addresses are looked at which of them answers.
    private static let patience = Duration.seconds(3)

    /// The first address of the profile's dial name; nil where it dials the endpoint itself.
    ///
    /// Blocks on name resolution where `dial` is a name.
    ///
    /// - Parameter connects: whether of several addresses the first one to answer is taken, as the program that gets it has
    ///   no other to try.
    /// - Throws: ``Refusal`` with cause `dns-not-found`, `dns-temporary` or `dns-timeout`.
    static func address(
        of profile: Profile, _ wait: Wait, connects: Bool = false
    ) throws(Refusal) -> DialAddress? {
        guard let dial = profile.dial, let target = DialAddress(dial, defaultPort: profile.port) else {
            return nil
        }
        switch NameResolver.resolve(target.host, wait: wait) {
        case .addresses(let addresses, _):
            guard let first = addresses.first else { throw missing(target, .dnsNotFound) }
            let chosen = connects ? answering(addresses, target.port, wait) ?? first : first
            return DialAddress(host: chosen.text, port: target.port)
        case .failed(let fault, _):
            throw missing(target, fault == .nameTemporary ? .dnsTemporary : .dnsNotFound)
        case .timedOut: throw missing(target, .dnsTimeout)
        case .cancelled: throw Refusal(.failed, "cancelled", do: "try again", cause: .cancelled)
        }
    }

    /// Nil where there is no choice, or none answers: the program that is started tells why.
    private static func answering(
        _ addresses: [ResolvedAddress], _ port: Int, _ wait: Wait
    ) -> ResolvedAddress? {
        guard addresses.count > 1, let port = UInt16(exactly: port) else { return nil }
        let probe = AddressProbe(port: port, wait: wait.share(0.5, atMost: patience))
        guard case .reached(let address, _, _) = probe.run(addresses) else { return nil }
        return address
    }

    private static func missing(_ target: DialAddress, _ cause: CauseCode) -> Refusal {
        let words = cause == .dnsTimeout ? "was not resolved in time" : "has no address"
        return Refusal(
            .failed, "the name \(target.host), which the profile dials, \(words)",
            do: "correct dial with `pgfob edit`, or check the VPN and its DNS", cause: cause)
    }
}
