import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// A TCP server on loopback that plays one script to whoever connects.
package final class FaultListener: Sendable {
    /// What is done with a connection, one after the other; at the end of the script it is closed.
    package enum Step: Sendable {
        /// Read one request: whatever comes in at once.
        case read
        case send([UInt8])
        /// These bytes one at a time and then zeros, until the other side has gone.
        case drip([UInt8])
        /// These bytes again and again, until the other side has gone.
        case flood([UInt8])
        /// Say nothing until the other side has gone.
        case hold
        /// RST instead of FIN.
        case reset
        /// Hand everything on to another port of this machine, and back, until one side has gone.
        case splice(port: Int)
        case call(@Sendable () -> Void)
    }

    private struct Connections {
        var accepted = 0
        var leftByPeer = 0
    }

    package let port: Int
    private let descriptor: Int32
    private let script: [Step]
    private let connections = Mutex(Connections())

    /// - Parameters:
    ///   - address: in 127.0.0.0/8.
    ///   - port: 0 takes a free one.
    package init(_ script: [Step], address: UInt32 = 0x7f00_0001, port: Int = 0) throws {
        self.script = script
        (descriptor, self.port) = try Loopback.listen(backlog: 16, address: address, port: port)
        let descriptor = descriptor
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                // The number stays ours until here: another listener that was given it would lose connections to us.
                guard connection >= 0 else {
                    close(descriptor)
                    return
                }
                guard let self else {
                    close(connection)
                    return
                }
                self.connections.withLock { $0.accepted += 1 }
                Thread.detachNewThread { self.play(connection) }
            }
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    package var accepted: Int { connections.withLock { $0.accepted } }

    /// How many connections the other side closed while the script was still under way.
    package var leftByPeer: Int { connections.withLock { $0.leftByPeer } }

    private func play(_ connection: Int32) {
        defer { close(connection) }
        for step in script {
            switch step {
            case .read:
                var buffer = [UInt8](repeating: 0, count: 4096)
                if recv(connection, &buffer, buffer.count, 0) <= 0 { return left() }
            case .send(let bytes): Loopback.send(connection, bytes)
            case .drip(let bytes):
                for byte in bytes { Loopback.send(connection, [byte]) }
                // One byte after each quiet moment: no sleep, the wait is for the other side's end.
                while !Loopback.peerHasGone(connection, within: 20) { Loopback.send(connection, [0]) }
                return left()
            case .flood(let bytes):
                while Loopback.send(connection, bytes) {}
                return left()
            case .hold:
                while !Loopback.peerHasGone(connection, within: 60_000) {}
                return left()
            case .reset:
                var linger = linger(l_onoff: 1, l_linger: 0)
                setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
            case .splice(let port): Loopback.splice(connection, port: port)
            case .call(let body): body()
            }
        }
    }

    private func left() {
        connections.withLock { $0.leftByPeer += 1 }
    }
}
