#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Workers

/// One address of a host, as text and as the system wants it.
package struct ResolvedAddress: Sendable, Hashable {
    /// Such as `10.20.7.31`, `::1` or `fe80::1%eth0`: what libpq takes as `hostaddr`.
    package let text: String
    let family: Int32
    /// A `sockaddr` of that family; its port is not set.
    private let bytes: [UInt8]

    /// An address that is written out. Nil for a name.
    package init?(literal: String) {
        guard case .addresses(let found, _) = NameResolver.lookUp(literal, flags: AI_NUMERICHOST),
            let first = found.first
        else { return nil }
        self = first
    }

    init?(_ entry: addrinfo) {
        guard let address = entry.ai_addr, entry.ai_family == AF_INET || entry.ai_family == AF_INET6 else {
            return nil
        }
        var text = [CChar](repeating: 0, count: 128)
        guard
            getnameinfo(
                address, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
        else { return nil }
        self.text = String(cArray: text)
        family = entry.ai_family
        bytes = Array(UnsafeRawBufferPointer(start: address, count: Int(entry.ai_addrlen)))
    }

    /// Hands the `sockaddr` with a port in it to a call of the system.
    func withSocketAddress<Result>(
        port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var bytes = bytes
        // sin_port and sin6_port both stand at byte 2, in network order.
        bytes[2] = UInt8(port >> 8)
        bytes[3] = UInt8(port & 0xff)
        return bytes.withUnsafeBytes { raw in
            raw.withMemoryRebound(to: sockaddr.self) { buffer in
                // An address has 16 bytes or more, so there is a first one.
                buffer.baseAddress.map { body($0, socklen_t(raw.count)) } ?? body([sockaddr()], 0)
            }
        }
    }

    /// Whether it is of a network without a way to it from the internet (RFC 1918, RFC 4193, RFC 6598), this
    /// machine's own or a link's.
    package var isPrivate: Bool {
        if family == AF_INET {
            let address = bytes.dropFirst(4).prefix(4).map { $0 }
            guard address.count == 4 else { return false }
            return switch (address[0], address[1]) {
            case (10, _), (127, _), (192, 168), (169, 254), (172, 16...31), (100, 64...127): true
            default: false
            }
        }
        let address = bytes.dropFirst(8).prefix(16).map { $0 }
        guard address.count == 16 else { return false }
        let loopback = address.dropLast().allSatisfy { $0 == 0 } && address[15] == 1
        return loopback || address[0] & 0xfe == 0xfc || (address[0] == 0xfe && address[1] & 0xc0 == 0x80)
    }

    package var isIPv6: Bool { family == AF_INET6 }

    /// With `(private)` behind it where it is.
    package var shown: String { isPrivate ? "\(text) (private)" : text }
}
