#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import COpenSSL
import Diagnosis
import Workers

/// One connection, plain or over TLS, that never blocks past a deadline.
///
/// Used by one thread at a time.
package final class NetworkStream {
    private let socket: Int32
    private var client: OpaquePointer?
    private var roots: TrustStore.Roots?
    /// Whether TLS is up: what breaks after that is the connection.
    private var isSecured = false
    /// The address that was reached; nil for a connection that a listener has taken.
    package let address: ResolvedAddress?

    /// Connects, by name or by address.
    ///
    /// - Throws: ``StreamFailure``.
    package init(host: String, port: UInt16, wait: Wait) throws(StreamFailure) {
        Self.ignoreBrokenPipes
        let addresses: [ResolvedAddress]
        if let literal = ResolvedAddress(literal: host) {
            addresses = [literal]
        } else {
            switch NameResolver.resolve(host, wait: wait) {
            case .addresses(let found, _): addresses = found
            case .failed(let fault, let text): throw .network(fault, text: text)
            case .timedOut: throw .timedOut
            case .cancelled: throw .cancelled
            }
        }
        switch AddressProbe(port: port, wait: wait).connect(addresses) {
        case .connected(let socket, let address, _, _): (self.socket, self.address) = (socket, address)
        case .failed(let fault, let text): throw fault == .timedOut ? .timedOut : .network(fault, text: text)
        case .cancelled: throw .cancelled
        }
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// A connection that a listener has taken; it is closed with this value.
    package init(taken socket: Int32) {
        Self.ignoreBrokenPipes
        self.socket = socket
        address = nil
        _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        _ = fcntl(socket, F_SETFL, O_NONBLOCK)
        var on: Int32 = 1
        // Of no meaning for a Unix socket.
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// For a relay that takes over, as long as this value lives.
    package var descriptor: Int32 { socket }

    /// The TLS client of ``COpenSSL``, for a relay that takes over; nil without TLS.
    package var tlsClient: OpaquePointer? { client }

    /// Has the system look now and then whether the other side is still there; a dead way is noticed so.
    package func keepAlive() {
        var (on, idle): (Int32, Int32) = (1, 60)
        setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, socklen_t(MemoryLayout<Int32>.size))
        #if canImport(Glibc)
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_KEEPIDLE, &idle, socklen_t(MemoryLayout<Int32>.size))
        #else
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_KEEPALIVE, &idle, socklen_t(MemoryLayout<Int32>.size))
        #endif
    }

    /// Has the end of this value reset the connection instead of closing it: what the other side has got and not read is
    /// taken away from it. The corresponding C function is `setsockopt`, SO_LINGER.
    package func resetAtEnd() {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    }

    deinit {
        copenssl_client_free(client)
        Descriptors.close(socket)
    }

    /// Begins TLS; the server has to show a certificate for the host.
    ///
    /// - Throws: ``StreamFailure``, with the verdict on the certificate.
    package func startTLS(host: String, trust: TrustStore, wait: Wait) throws(StreamFailure) {
        let roots: TrustStore.Roots
        do throws(TrustStore.Failure) { roots = try trust.load() } catch {
            throw .tls(text: error.text, isCertificate: false)
        }
        guard let client = copenssl_client_new(roots.pointer, socket, host) else {
            throw .tls(text: "\(host) cannot be asked for by TLS", isCertificate: false)
        }
        (self.client, self.roots) = (client, roots)
        while true {
            let step = copenssl_handshake(client)
            if step > 0 {
                isSecured = true
                return
            }
            guard Int(step) != COPENSSL_END else {
                throw .tls(text: "the server closed the connection", isCertificate: false)
            }
            try pause(step, client, wait)
        }
    }

    /// Sends all of some bytes.
    package func send(_ bytes: [UInt8], wait: Wait) throws(StreamFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { raw -> Int in
                let bytes = raw.bindMemory(to: UInt8.self)
                if let client { return Int(copenssl_write(client, bytes.baseAddress, bytes.count)) }
                return write(socket, bytes.baseAddress, bytes.count)
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if let client {
                try pause(Int32(count), client, wait)
            } else {
                try pausePlain(POLLOUT, wait)
            }
        }
    }

    /// The bytes that come next, at least one; none at the end.
    package func receive(atMost limit: Int, wait: Wait) throws(StreamFailure) -> ArraySlice<UInt8> {
        var buffer = [UInt8](repeating: 0, count: limit)
        while true {
            if let client {
                let count = copenssl_read(client, &buffer, buffer.count)
                if count >= 0 { return buffer[..<Int(count)] }
                try pause(count, client, wait)
            } else {
                let count = read(socket, &buffer, buffer.count)
                if count >= 0 { return buffer[..<count] }
                try pausePlain(POLLIN, wait)
            }
        }
    }

    /// Whether the other side has closed an idle connection, or said something unasked: it is of no use then.
    package var isStale: Bool {
        var set = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&set, 1, 0) != 0
    }

    // MARK: Waiting

    private func pause(_ step: Int32, _ client: OpaquePointer, _ wait: Wait) throws(StreamFailure) {
        switch Int(step) {
        case COPENSSL_WANTS_READ: try pause(POLLIN, wait)
        case COPENSSL_WANTS_WRITE: try pause(POLLOUT, wait)
        default:
            var words = [CChar](repeating: 0, count: 256)
            let verdict = copenssl_failure(client, &words, words.count)
            let text = String(cArray: words)
            throw isSecured
                ? .closed(text: text) : .tls(text: text, isCertificate: Int(verdict) != COPENSSL_OTHER)
        }
    }

    private func pausePlain(_ events: Int32, _ wait: Wait) throws(StreamFailure) {
        let code = errno
        guard code == EAGAIN || code == EWOULDBLOCK || code == EINTR else {
            throw .closed(text: AddressProbe.text(code))
        }
        try pause(events, wait)
    }

    private func pause(_ events: Int32, _ wait: Wait) throws(StreamFailure) {
        switch wait.until(socket, events: events) {
        case .ready: return
        case .timedOut: throw .timedOut
        case .cancelled: throw .cancelled
        }
    }

    /// OpenSSL writes without MSG_NOSIGNAL: a server that has gone must not end the program.
    private static let ignoreBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()
}
