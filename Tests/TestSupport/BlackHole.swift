#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A port that swallows packets as a security group does: its queue of connections is full, and nobody accepts.
package final class BlackHole {
    package let port: Int
    private let descriptor: Int32
    private var fillers: [Int32] = []

    package init() throws {
        (descriptor, port) = try Loopback.listen(backlog: 0)
        for _ in 0..<4 {
            if let filler = Loopback.connect(port: port) { fillers.append(filler) }
        }
    }

    deinit {
        (fillers + [descriptor]).forEach { close($0) }
    }
}
