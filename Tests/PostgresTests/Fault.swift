import TestSupport
import Diagnosis
import Profiles
import Testing

/// One way in which what listens at a port misbehaves, and what a test must make of it (design/cli.md, "How
/// faults on the wire map").
struct Fault: Sendable, CustomTestStringConvertible {
    var name: String
    var script: [FaultListener.Step]
    var code: CauseCode
    var sslmode = SSLMode.require

    var testDescription: String { name }

    private static let garbage = [UInt8](repeating: 0xa7, count: 4096)
    private static let loggedIn = Wire.authenticationOk + Wire.readyForQuery

    /// What goes wrong before TLS is up.
    static let beforeTLS = [
        Fault(name: "silent", script: [.hold], code: .tlsTimeout),
        Fault(name: "end at accept", script: [], code: .tlsClosed),
        Fault(name: "reset at accept", script: [.reset], code: .tlsClosed),
        Fault(name: "end at SSLRequest", script: [.read], code: .tlsClosed),
        Fault(name: "reset at SSLRequest", script: [.read, .reset], code: .tlsClosed),
        Fault(name: "no TLS", script: [.read, .send(Wire.refusesTLS), .hold], code: .tlsNotSupported),
        Fault(
            name: "HTTP", script: [.read, .send(Array("HTTP/1.1 400 Bad\r\n\r\n".utf8))], code: .notPostgres),
        Fault(name: "garbage", script: [.read, .send([0x15, 0x03, 0x01])], code: .notPostgres),
        Fault(
            name: "SSH that waits", script: [.send(Array("SSH-2.0-OpenSSH_9.2p1\r\n".utf8)), .hold],
            code: .notPostgres),
        Fault(
            name: "SSH that closes", script: [.send(Array("SSH-2.0-OpenSSH_9.2p1\r\n".utf8)), .read, .read],
            code: .notPostgres),
        Fault(
            name: "another that speaks first", script: [.send(Array("NOTICE hello\r\n".utf8)), .hold],
            code: .notPostgres),
        Fault(name: "error", script: [.read, .send(Wire.error("0A000", "no"))], code: .notPostgres),
        Fault(name: "stall after S", script: [.read, .send(Wire.acceptsTLS), .hold], code: .tlsTimeout),
        Fault(name: "end after S", script: [.read, .send(Wire.acceptsTLS), .read], code: .tlsClosed),
        Fault(
            name: "reset after S", script: [.read, .send(Wire.acceptsTLS), .read, .reset], code: .tlsClosed),
        Fault(
            name: "garbage for ServerHello",
            script: [.read, .send(Wire.acceptsTLS), .read, .send(Array("HTTP/1.1 400 Bad\r\n".utf8)), .hold],
            code: .tlsVersion),
        Fault(
            name: "drip for ServerHello",
            script: [.read, .send(Wire.acceptsTLS), .read, .drip(Wire.longRecord)],
            code: .tlsTimeout),
    ]

    /// What goes wrong after it, played without TLS: the stages are the same.
    static let afterTLS = [
        Fault(name: "stall after startup", script: [.read, .hold], code: .authTimeout),
        Fault(name: "end after startup", script: [.read], code: .authClosed),
        Fault(name: "reset after startup", script: [.read, .reset], code: .authClosed),
        Fault(
            name: "garbage after startup", script: [.read, .send([0, 0, 0, 0, 0, 0])], code: .protocolError),
        Fault(name: "endless garbage", script: [.read, .flood(garbage)], code: .protocolError),
        Fault(
            name: "endless notices", script: [.read, .send(Wire.authenticationOk), .flood(Wire.notice)],
            code: .authTimeout),
        Fault(name: "drip", script: [.read, .drip(Wire.longAuthentication)], code: .authTimeout),
        Fault(
            name: "unknown method", script: [.read, .send(Wire.unknownAuthentication), .hold],
            code: .authMethodUnknown),
        Fault(
            name: "stall after password", script: [.read, .send(Wire.cleartextPassword), .read, .hold],
            code: .authTimeout),
        Fault(
            name: "end after password", script: [.read, .send(Wire.cleartextPassword), .read],
            code: .authClosed),
        Fault(
            name: "starting up",
            script: [.read, .send(Wire.error("57P03", "the database system is starting up"))],
            code: .startingUp),
        Fault(
            name: "refused login",
            script: [
                .read, .send(Wire.cleartextPassword), .read,
                .send(Wire.error("28000", "PAM authentication failed for user \"u\"")),
            ], code: .passwordRefused),
        Fault(
            name: "too slow a check",
            script: [.read, .send(Wire.error("57014", "canceling authentication due to timeout"))],
            code: .authTimeout),
        Fault(name: "stalled query", script: [.read, .send(loggedIn), .read, .hold], code: .sessionTimeout),
        Fault(name: "end at the query", script: [.read, .send(loggedIn), .read], code: .sessionLost),
        Fault(
            name: "endless rows",
            script: [.read, .send(loggedIn), .read, .send(Wire.rowDescription), .flood(Wire.row)],
            code: .sessionLost),
        Fault(
            name: "endless results",
            script: [.read, .send(loggedIn), .read, .flood(Wire.commandComplete)], code: .sessionLost),
        Fault(
            name: "a copy for an answer",
            script: [.read, .send(loggedIn), .read, .send(Wire.copyOut), .hold], code: .sessionLost),
        Fault(
            name: "ended by an administrator",
            script: [.read, .send(loggedIn), .read, .send(Wire.error("57P01", "terminating connection"))],
            code: .sessionLost),
    ].map {
        var fault = $0
        fault.sslmode = .disable
        return fault
    }
}
