#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Workers

/// Looks at ports of this machine.
enum Loopback {
    /// Whether a socket listens at a port that 127.0.0.1 leads to; nil where the system does not tell (proc_pid_net(5)).
    static func isListening(_ port: Int) -> Bool? {
        #if os(Linux)
        let digits = String(port, radix: 16, uppercase: true)
        let wanted = ":" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        var isKnown = false
        for file in ["/proc/net/tcp", "/proc/net/tcp6"] {
            guard let table = FileManager.default.contents(atPath: file) else { continue }
            isKnown = true
            for line in table.split(separator: 0x0a).dropFirst() {
                // Its number, the local address, the other side's, the state: 0A is LISTEN.
                let fields = line.split(separator: 0x20, maxSplits: 4)
                guard fields.count > 3, fields[3].elementsEqual("0A".utf8) else { continue }
                let local = String(decoding: fields[1], as: UTF8.self)
                if local.hasSuffix(wanted), reached.contains(String(local.dropLast(wanted.count))) {
                    return true
                }
            }
        }
        return isKnown ? false : nil
        #else
        return nil
        #endif
    }

    /// 127.0.0.1 and every address, of both families, as a little-endian kernel prints them; elsewhere it is tried by
    /// connecting.
    private static let reached: Set<String> = [
        "0100007F", "00000000", String(repeating: "0", count: 32), "0000000000000000FFFF00000100007F",
    ]

    /// Whether something takes connections at a port of 127.0.0.1.
    static func takes(_ port: Int) -> Bool {
        #if canImport(Glibc)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { return false }
        defer { Descriptors.close(descriptor) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
