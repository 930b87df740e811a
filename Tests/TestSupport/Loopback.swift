#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Sockets on this machine's own addresses, for tests.
package enum Loopback {
    package struct Failure: Error { var code: Int32 }

    /// - Parameter address: in 127.0.0.0/8.
    package static func listen(
        backlog: Int32, address: UInt32 = 0x7f00_0001, port: Int = 0
    ) throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, stream, 0)
        guard descriptor >= 0 else { throw Failure(code: errno) }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = UInt16(port).bigEndian
        name.sin_addr.s_addr = address.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withSocketAddress(&name) { pointer in
            bind(descriptor, pointer, length) == 0 && Glibc.listen(descriptor, backlog) == 0
                && getsockname(descriptor, pointer, &length) == 0
        }
        guard bound else {
            let code = errno
            close(descriptor)
            throw Failure(code: code)
        }
        return (descriptor, Int(UInt16(bigEndian: name.sin_port)))
    }

    /// A connection that does not wait to be accepted; nil where it could not even begin.
    package static func connect(port: Int) -> Int32? {
        let descriptor = socket(AF_INET, stream, 0)
        guard descriptor >= 0 else { return nil }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = UInt16(port).bigEndian
        name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        _ = withSocketAddress(&name) {
            Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
        return descriptor
    }

    /// A port that nothing listens on: it was free a moment ago.
    package static func closedPort() throws -> Int {
        let (descriptor, port) = try listen(backlog: 1)
        close(descriptor)
        return port
    }

    /// A port that nothing listens on, and none of those that the system gives to whoever asks for any (ip(7),
    /// ip_local_port_range): nobody takes it between the end of a server and its new beginning.
    package static func ownPort() throws -> Int {
        for _ in 0..<200 {
            let port = Int.random(in: 20_000..<32_000)
            guard let taken = try? listen(backlog: 1, port: port) else { continue }
            close(taken.descriptor)
            return port
        }
        throw Failure(code: EADDRINUSE)
    }

    /// - Returns: false where the other side has gone.
    @discardableResult
    package static func send(_ connection: Int32, _ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Waits for bytes or the end, and reads what came.
    package static func peerHasGone(_ connection: Int32, within milliseconds: Int32) -> Bool {
        var set = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
        guard poll(&set, 1, milliseconds) > 0 else { return false }
        var buffer = [UInt8](repeating: 0, count: 4096)
        return recv(connection, &buffer, buffer.count, 0) <= 0
    }

    /// Copies both ways between a connection and a port until one side ends.
    package static func splice(_ connection: Int32, port: Int) {
        guard let other = connect(port: port) else { return }
        defer { close(other) }
        var room = pollfd(fd: other, events: Int16(POLLOUT), revents: 0)
        _ = poll(&room, 1, 10_000)
        _ = fcntl(other, F_SETFL, 0)
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            var set = [connection, other].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&set, 2, 60_000) > 0 else { return }
            for (index, target) in [other, connection].enumerated() where set[index].revents != 0 {
                let count = recv(set[index].fd, &buffer, buffer.count, 0)
                guard count > 0, send(target, Array(buffer[..<count])) else { return }
            }
        }
    }

    package static func end(_ descriptor: Int32) {
        close(descriptor)
    }

    private static let stream = Int32(SOCK_STREAM.rawValue)

    private static func withSocketAddress<Result>(
        _ name: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Result
    ) -> Result {
        withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0) }
        }
    }
}
