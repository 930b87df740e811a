#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What may stand as a host or a port at all.
package enum HostSyntax {
    /// Whether a text can be a host name, an address or a socket's folder: nothing that breaks a line or a
    /// list, and nothing that ssh, aws or psql would take for an option.
    package static func isValid(_ host: String) -> Bool {
        let bytes = host.utf8
        guard let first = bytes.first, bytes.count <= 255, first != UInt8(ascii: "-") else { return false }
        // A name has neither; a folder begins with the slash, and only addresses have colons.
        if first != UInt8(ascii: "/"), bytes.contains(where: { $0 == 0x2f || $0 == 0x5b || $0 == 0x5d }) {
            return false
        }
        if bytes.allSatisfy({ $0 < 0x80 }) {
            return bytes.allSatisfy { $0 > 0x20 && $0 != 0x7f && !Self.refusedBytes.contains($0) }
        }
        return host.unicodeScalars.allSatisfy { scalar in
            !LabelSyntax.isUnfit(scalar) && !scalar.properties.isWhitespace && !Self.refused.contains(scalar)
        }
    }

    /// Whether a text that ``isValid(_:)`` takes is one host: its colons are those of an address, and it has no empty
    /// label. A name with a port behind it is none.
    package static func isHost(_ host: String) -> Bool {
        guard isValid(host) else { return false }
        let bytes = host.utf8
        if bytes.first == UInt8(ascii: "/") { return true }
        if bytes.contains(UInt8(ascii: ":")) {
            var address = in6_addr()
            return inet_pton(AF_INET6, host, &address) == 1
        }
        return bytes.first != UInt8(ascii: ".") && !host.contains("..")
    }

    /// Whether libpq takes a host for the folder of a socket, or one of the abstract namespace (libpq documentation, `host`).
    package static func isSocket(_ host: String) -> Bool { host.hasPrefix("/") || host.hasPrefix("@") }

    private static let refusedBytes = Set(refused.map { UInt8($0.value) })

    private static let refused: Set<Unicode.Scalar> = [
        ",", "'", "\"", "\\", "`", "$", "?", "#", "@", "=", ";", "&", "|", "<", ">", "(", ")", "{", "}", "*",
        "%",
    ]

    /// A port from 1 to 65535 in plain digits; nil for anything else.
    package static func port(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 5, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(text), (1...65_535).contains(port)
        else { return nil }
        return port
    }
}
