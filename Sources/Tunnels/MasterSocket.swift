#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import Workers

/// Connections to the socket at which an ssh takes orders (OpenSSH, PROTOCOL.mux).
enum MasterSocket {
    /// Both sides say that they speak version 4.
    private static let hello: [UInt8] = [0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 4]
    /// MUX_C_TERMINATE, as request 1.
    private static let terminate: [UInt8] = [0, 0, 0, 8, 0x10, 0, 0, 5, 0, 0, 0, 1]
    /// How long ssh may take to answer, in milliseconds.
    private static let answerPatience: Int32 = 5000
    /// How long it may take to end.
    static let endPatience: Int32 = 2000

    /// A connection on which ssh has said hello, which it does once it serves; -1 where it does not, or is another user's.
    static func connect(_ path: String) -> Int32 {
        let connection = csys_connect_unix_now(path)
        guard connection >= 0, !serves(connection) else { return connection }
        Descriptors.close(connection)
        return -1
    }

    private static func serves(_ connection: Int32) -> Bool {
        var bytes = [UInt8](repeating: 0, count: hello.count)
        return Descriptors.isPeerOwn(connection) && canRead(connection, within: answerPatience)
            && read(connection, &bytes, bytes.count) == bytes.count && bytes == hello
    }

    /// Ends the ssh that a socket leads to, where one is there, whether it takes orders or not; and waits for that.
    static func end(at path: String) {
        let connection = csys_connect_unix_now(path)
        defer { Descriptors.close(connection) }
        guard connection >= 0, Descriptors.isPeerOwn(connection) else { return }
        if serves(connection), end(connection) { return }
        let process = csys_peer_process(connection)
        guard process > 1 else { return }
        kill(process, SIGTERM)
        // One that is stopped ends too.
        kill(process, SIGCONT)
        _ = awaitEnd(connection)
    }

    /// Has ssh end, which may have done so by itself meanwhile, and waits for that.
    ///
    /// - Returns: whether it has.
    @discardableResult
    static func end(_ connection: Int32) -> Bool {
        guard connection >= 0 else { return false }
        #if canImport(Glibc)
        let flags = Int32(MSG_NOSIGNAL)
        #else
        let flags: Int32 = 0
        #endif
        let bytes = hello + terminate
        send(connection, bytes, bytes.count, flags)
        return awaitEnd(connection)
    }

    /// Whether ssh, or whatever is at the other end, ends before long.
    static func awaitEnd(_ connection: Int32) -> Bool {
        while canRead(connection, within: endPatience) {
            if isAtEnd(connection) { return true }
        }
        return false
    }

    /// Whether the other end is closed; what comes from it is of no interest.
    static func isAtEnd(_ descriptor: Int32) -> Bool {
        guard canRead(descriptor, within: 0) else { return false }
        var bytes = [UInt8](repeating: 0, count: 256)
        return read(descriptor, &bytes, bytes.count) <= 0
    }

    private static func canRead(_ descriptor: Int32, within milliseconds: Int32) -> Bool {
        happens(Int16(POLLIN), at: descriptor, within: milliseconds)
    }

    /// Whether a descriptor has what is asked for, or is broken. The corresponding C function is `poll`.
    static func happens(_ events: Int16, at descriptor: Int32, within milliseconds: Int32) -> Bool {
        var set = [pollfd(fd: descriptor, events: events, revents: 0)]
        while true {
            let ready = poll(&set, 1, milliseconds)
            guard ready < 0, errno == EINTR else { return ready > 0 }
        }
    }
}
