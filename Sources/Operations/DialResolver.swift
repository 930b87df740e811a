import Diagnosis
import Profiles
import TLS
import Workers

/// Resolves the name that a profile dials instead of its endpoint: libpq's `hostaddr` takes addresses only.
enum DialResolver {
    /// The first address of the profile's dial name; nil where it dials the endpoint itself.
    ///
    /// Blocks on name resolution where `dial` is a name.
    ///
    /// - Throws: ``Refusal`` with cause `dns-not-found`, `dns-temporary` or `dns-timeout`.
    static func address(of profile: Profile, _ wait: Wait) throws(Refusal) -> DialAddress? {
        guard let dial = profile.dial, let target = DialAddress(dial, defaultPort: profile.port) else {
            return nil
        }
        switch NameResolver.resolve(target.host, wait: wait) {
        case .addresses(let addresses, _):
            guard let first = addresses.first else { throw missing(target, .dnsNotFound) }
            return DialAddress(host: first.text, port: target.port)
        case .failed(let fault, _):
            throw missing(target, fault == .nameTemporary ? .dnsTemporary : .dnsNotFound)
        case .timedOut: throw missing(target, .dnsTimeout)
        case .cancelled: throw Refusal(.failed, "cancelled", do: "try again", cause: .cancelled)
        }
    }

    private static func missing(_ target: DialAddress, _ cause: CauseCode) -> Refusal {
        let words = cause == .dnsTimeout ? "was not resolved in time" : "has no address"
        return Refusal(
            .failed, "the name \(target.host), which the profile dials, \(words)",
            do: "correct dial with `pgfob edit`, or check the VPN and its DNS", cause: cause)
    }
}
