#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Profiles

/// Resolves the name that a profile dials instead of its endpoint: libpq's `hostaddr` takes addresses only.
enum DialResolver {
    /// The first address of the profile's dial name; nil where it dials the endpoint itself.
    ///
    /// Blocks on name resolution where `dial` is a name.
    ///
    /// - Throws: ``Refusal`` with cause `dns-not-found` or `dns-temporary`.
    static func address(of profile: Profile) throws(Refusal) -> DialAddress? {
        guard let dial = profile.dial, let target = DialAddress(dial, defaultPort: profile.port) else {
            return nil
        }
        var hints = addrinfo()
        #if canImport(Glibc)
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
        hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        let failure = getaddrinfo(target.host, nil, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard failure == 0, let first = list else {
            throw Refusal(
                .failed, "the name \(target.host), which the profile dials, has no address",
                do: "correct dial with `pgfob edit`, or check the VPN and its DNS",
                cause: failure == EAI_AGAIN ? .dnsTemporary : .dnsNotFound)
        }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        guard
            getnameinfo(
                first.pointee.ai_addr, first.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0,
                NI_NUMERICHOST) == 0
        else {
            throw Refusal(
                .failed, "the name \(target.host) has an address of an unknown kind",
                do: "correct dial with `pgfob edit`", cause: .dnsNotFound)
        }
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return DialAddress(host: String(decoding: bytes, as: UTF8.self), port: target.port)
    }
}
