#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Diagnosis
import Workers

/// Finds out which addresses of a host take TCP connections at a port, by connecting to all at once: one that
/// swallows packets must not use up the time of the others.
package struct AddressProbe {
    package enum Outcome: Sendable, Hashable {
        /// The first to answer, what the others did in the moment after, and those of them that had not failed by then.
        case reached(ResolvedAddress, others: [String], left: [ResolvedAddress])
        case failed(NetworkFault, text: String)
        case cancelled
    }

    private let port: UInt16
    private let wait: Wait

    package init(port: UInt16, wait: Wait) {
        self.port = port
        self.wait = wait
    }

    /// Ends with the first address that answers, or when none can any more, or with the deadline.
    package func run(_ addresses: [ResolvedAddress]) -> Outcome {
        switch connect(addresses, patience: Self.patience) {
        case .connected(let socket, let address, let others, let left):
            Descriptors.close(socket)
            return .reached(address, others: others, left: left)
        case .failed(let fault, let text): return .failed(fault, text: text)
        case .cancelled: return .cancelled
        }
    }

    /// What ``run(_:)`` finds, with the connection.
    enum Connecting {
        /// The caller closes the socket.
        case connected(Int32, ResolvedAddress, others: [String], left: [ResolvedAddress])
        case failed(NetworkFault, text: String)
        case cancelled
    }

    /// How long the others are given once one has answered.
    private static let patience = Duration.milliseconds(60)

    /// - Parameter patience: how long the others are looked at once one has answered.
    func connect(_ addresses: [ResolvedAddress], patience: Duration = .zero) -> Connecting {
        let start = ContinuousClock.now
        // A name with more addresses than this is not a server's; each costs a descriptor.
        let addresses = Array(addresses.prefix(8))
        var faults = [NetworkFault?](repeating: nil, count: addresses.count)
        var texts = [String](repeating: "", count: addresses.count)
        var sockets = [Int32](repeating: -1, count: addresses.count)
        defer { sockets.forEach(Descriptors.close) }

        func note(_ index: Int, _ code: Int32) {
            Descriptors.close(sockets[index])
            sockets[index] = -1
            faults[index] = Self.fault(code)
            texts[index] = Self.text(code)
        }
        /// Looks a little longer at those that have not answered.
        func watch() {
            let end = min(wait.deadline, ContinuousClock.now + patience)
            let wait = Wait(deadline: end, cancellation: wait.cancellation)
            while sockets.contains(where: { $0 >= 0 }) {
                var set = sockets.map { pollfd(fd: $0, events: Int16(POLLOUT), revents: 0) }
                guard wait.until(&set) == .ready else { return }
                for index in set.indices where set[index].revents != 0 && sockets[index] >= 0 {
                    let code = Self.error(of: sockets[index])
                    note(index, code)
                    if code == 0 || code == ECONNRESET {
                        let took = Int((ContinuousClock.now - start).milliseconds.rounded())
                        (faults[index], texts[index]) = (nil, "ok \(max(1, took)) ms")
                    }
                }
            }
        }
        func reached(_ index: Int) -> Connecting {
            let socket = sockets[index]
            sockets[index] = -1
            if patience > .zero { watch() }
            let rest = addresses.indices.filter { $0 != index }
            let others = rest.map {
                "\(addresses[$0].text) \(texts[$0].isEmpty ? "no answer yet" : texts[$0])"
            }
            let left = rest.filter { faults[$0] == nil }.map { addresses[$0] }
            return .connected(socket, addresses[index], others: others, left: left)
        }

        var first: Int?
        for index in addresses.indices {
            switch Self.begin(addresses[index], port) {
            case .under(let socket): sockets[index] = socket
            case .done(let socket):
                sockets[index] = socket
                first = first ?? index
            case .failed(let code): note(index, code)
            }
        }
        if let first { return reached(first) }
        while sockets.contains(where: { $0 >= 0 }) {
            var set = sockets.map { pollfd(fd: $0, events: Int16(POLLOUT), revents: 0) }
            switch wait.until(&set) {
            case .cancelled: return .cancelled
            case .timedOut:
                for index in sockets.indices where sockets[index] >= 0 { note(index, ETIMEDOUT) }
            case .ready:
                for index in set.indices where set[index].revents != 0 && sockets[index] >= 0 {
                    let code = Self.error(of: sockets[index])
                    // Reset by the peer: it had taken the connection.
                    if code == 0 || code == ECONNRESET { return reached(index) }
                    note(index, code)
                }
            }
        }
        let ranked: [NetworkFault] = [.refused, .timedOut, .noDescriptor, .unreachable]
        let found = ranked.first { faults.contains($0) } ?? .unreachable
        let lines = addresses.indices.map {
            Self.report(addresses[$0].text, String(port), texts[$0])
        }
        return .failed(found, text: lines.joined(separator: "\n"))
    }

    // MARK: The system

    private enum Beginning {
        case done(Int32)
        case under(Int32)
        case failed(Int32)
    }

    private static func begin(_ address: ResolvedAddress, _ port: UInt16) -> Beginning {
        #if canImport(Glibc)
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        #else
        let kind = SOCK_STREAM
        #endif
        let descriptor = socket(address.family, kind, 0)
        guard descriptor >= 0 else { return .failed(errno) }
        #if !canImport(Glibc)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        #endif
        let (answer, code) = address.withSocketAddress(port: port) { pointer, length in
            #if canImport(Glibc)
            (Glibc.connect(descriptor, pointer, length), errno)
            #else
            (Darwin.connect(descriptor, pointer, length), errno)
            #endif
        }
        if answer == 0 { return .done(descriptor) }
        if code == EINPROGRESS || code == EINTR { return .under(descriptor) }
        Descriptors.close(descriptor)
        return .failed(code)
    }

    /// What became of a connection under way, 0 for success. Reading it clears it.
    package static func error(of socket: Int32) -> Int32 {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &length) == 0 ? code : errno
    }

    package static func fault(_ code: Int32) -> NetworkFault {
        switch code {
        case ECONNREFUSED: .refused
        case ETIMEDOUT: .timedOut
        case EMFILE, ENFILE: .noDescriptor
        default: .unreachable
        }
    }

    /// In libpq's own form, so that both read alike.
    package static func report(_ address: String, _ port: String, _ reason: String) -> String {
        "connection to server at \"\(address)\", port \(port) failed: \(reason)"
    }

    package static func text(_ code: Int32) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
