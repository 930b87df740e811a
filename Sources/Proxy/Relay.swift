import COpenSSL
import Synchronization
import TLS
import Workers

/// Passes the bytes of all sessions on, on one thread.
final class Relay: Sendable {
    private struct State {
        var pairs: [UInt64: ProxyPair] = [:]
        var last: UInt64 = 0
    }

    /// The C side locks what other threads touch.
    private struct Handle: @unchecked Sendable { let pointer: OpaquePointer }

    private let handle: Handle
    private let state = Mutex(State())
    private let ended: @Sendable (ProxyPair) -> Void

    /// Starts it.
    ///
    /// - Parameter ended: called on the relay's thread for each session that is over.
    /// - Returns: nil where no descriptor or thread is left.
    init?(ended: @escaping @Sendable (ProxyPair) -> Void) {
        guard let pointer = copenssl_relay_new() else { return nil }
        handle = Handle(pointer: pointer)
        self.ended = ended
        let body = Unmanaged.passRetained(self)
        let starts = WorkerThread.start { [handle] in
            copenssl_relay_run(
                handle.pointer,
                { context, number in
                    context.map { Unmanaged<Relay>.fromOpaque($0).takeUnretainedValue().end(number) }
                }, body.toOpaque())
            body.release()
        }
        guard starts else {
            body.release()
            return nil
        }
    }

    deinit { copenssl_relay_free(handle.pointer) }

    var count: Int { state.withLock { $0.pairs.count } }

    /// Takes a session over.
    ///
    /// - Returns: false where no memory is left.
    func take(_ pair: ProxyPair) -> Bool {
        guard let client = pair.far.tlsClient else { return false }
        let number = state.withLock { state in
            state.last += 1
            state.pairs[state.last] = pair
            return state.last
        }
        if copenssl_relay_add(handle.pointer, pair.near.descriptor, pair.far.descriptor, client, number) == 0
        {
            return true
        }
        state.withLock { $0.pairs[number] = nil }
        return false
    }

    private func end(_ number: UInt64) {
        guard let pair = state.withLock({ $0.pairs[number] }) else { return }
        ended(pair)
        // Only now: whoever waits until there are none has then been told of all.
        state.withLock { $0.pairs[number] = nil }
    }

    /// Ends all sessions and the thread.
    func stop() { copenssl_relay_stop(handle.pointer) }
}
