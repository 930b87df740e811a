#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Workers

/// A client that waits for its session, for whoever has to find out where its server is and what it wants to hear.
package struct ProxyClient: Sendable {
    /// How long it may take, and what ends it: the proxy's own end.
    package let wait: Wait
    private let descriptor: Int32

    init(_ descriptor: Int32, _ wait: Wait) {
        (self.descriptor, self.wait) = (descriptor, wait)
    }

    /// Does what may have to ask somebody, with a wait that is also cancelled as soon as the client is gone: nobody wants to
    /// know any more then.
    package func attended<Value, Failure: Error>(
        _ body: (Wait) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let leaving = Cancellation()
        let own = Wait(deadline: wait.deadline, cancellation: leaving)
        guard let over = Gate(),
            WorkerThread.start({
                watch(leaving)
                over.open()
            })
        else { return try body(wait) }
        defer {
            leaving.cancel()
            // The descriptor is the client's again.
            _ = over.wait(Wait(deadline: .now + .seconds(60), cancellation: Cancellation()))
        }
        return try body(own)
    }

    /// Cancels once the client is gone or the proxy ends.
    private func watch(_ leaving: Cancellation) {
        var set = [descriptor, wait.cancellation.descriptor, leaving.descriptor].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        while !leaving.isCancelled {
            guard poll(&set, nfds_t(set.count), -1) > 0 || errno == EINTR else { return }
            if set[1].revents != 0 { return leaving.cancel() }
            guard set[0].revents != 0 else { continue }
            var byte: UInt8 = 0
            let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
            if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { return leaving.cancel() }
            // It says something before it is asked to: its end is seen by the login.
            if count > 0 { set[0].fd = -1 }
        }
    }
}
