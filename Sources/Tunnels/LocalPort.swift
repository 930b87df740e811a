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
package enum LocalPort {
    /// Whether a socket listens at a port that 127.0.0.1 leads to; nil where the system does not tell (proc_pid_net(5)).
    static func isListening(_ port: Int) -> Bool? {
        #if os(Linux)
        let wanted = suffix(port)
        return sockets("0A")?.contains { fields in
            let local = String(decoding: fields[1], as: UTF8.self)
            return local.hasSuffix(wanted) && reached.contains(String(local.dropLast(wanted.count)))
        }
        #else
        return nil
        #endif
    }

    /// How many connections other programs of this machine have to ports of 127.0.0.1, by port; those without one are
    /// left out, and all of them where the system does not tell.
    static func outsideConnections(to ports: Set<Int>) -> [Int: Int] {
        #if os(Linux)
        let wanted = Dictionary(uniqueKeysWithValues: ports.map { ("0100007F\(suffix($0))", $0) })
        guard !wanted.isEmpty, let sockets = sockets("01") else { return [:] }
        let ends = sockets.compactMap { fields -> (port: Int, inode: String)? in
            guard fields.count > 9, let port = wanted[String(decoding: fields[2], as: UTF8.self)] else {
                return nil
            }
            return (port, String(decoding: fields[9], as: UTF8.self))
        }
        guard !ends.isEmpty else { return [:] }
        let own = ownSockets
        return ends.reduce(into: [:]) { counts, end in
            if !own.contains(end.inode) { counts[end.port, default: 0] += 1 }
        }
        #else
        return [:]
        #endif
    }

    #if os(Linux)
    /// The rows of both tables that are in a state: the number, the local address, the other side's, the state (0A is
    /// LISTEN, 01 ESTABLISHED), then what is of no use here, and as the tenth the socket's inode.
    private static func sockets(_ state: String) -> [[ArraySlice<UInt8>]]? {
        let tables = ["/proc/net/tcp", "/proc/net/tcp6"].compactMap {
            Descriptors.contents(ofSystem: $0, limit: 16 << 20)
        }
        guard !tables.isEmpty else { return nil }
        return tables.flatMap { table in
            table.split(separator: 0x0a).dropFirst().compactMap { line in
                let fields = line.split(separator: 0x20, maxSplits: 10)
                return fields.count > 3 && fields[3].elementsEqual(state.utf8) ? fields : nil
            }
        }
    }

    /// How a port ends an address there.
    private static func suffix(_ port: Int) -> String {
        let digits = String(port, radix: 16, uppercase: true)
        return ":" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// The inodes of this process's sockets (proc_pid_fd(5)).
    private static var ownSockets: Set<String> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return Set(
            names.compactMap { name in
                guard
                    let end = try? FileManager.default.destinationOfSymbolicLink(
                        atPath: "/proc/self/fd/\(name)"),
                    end.hasPrefix("socket:[")
                else { return nil }
                return String(end.dropFirst(8).dropLast())
            })
    }
    #endif

    /// 127.0.0.1 and every address, of both families, as a little-endian kernel prints them; elsewhere it is tried by
    /// connecting.
    private static let reached: Set<String> = [
        "0100007F", "00000000", String(repeating: "0", count: 32), "0000000000000000FFFF00000100007F",
    ]

    /// How long it may take a connection: a socket whose queue is full lets it wait.
    private static let taking: Duration = .milliseconds(500)

    /// Whether something takes connections at a port of 127.0.0.1, within half a second.
    package static func takes(_ port: Int) -> Bool {
        #if canImport(Glibc)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        #else
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { return false }
        defer { Descriptors.close(descriptor) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let reason = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 ? 0 : errno
            }
        }
        guard reason == EINPROGRESS else { return reason == 0 }
        let wait = Wait(deadline: .now + taking, cancellation: Cancellation())
        guard wait.until(descriptor, events: POLLOUT) == .ready else { return false }
        var failure: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 && failure == 0
    }
}
