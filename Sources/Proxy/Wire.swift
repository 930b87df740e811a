import Secrets

/// The few messages of PostgreSQL's protocol that the proxy speaks itself (PostgreSQL documentation, "Message
/// Formats").
enum Wire {
    /// One message of a server or a client: its kind and what stands behind the length.
    struct Message: Sendable, Hashable {
        var kind: UInt8
        var body: [UInt8]

        /// As it goes over the wire.
        var bytes: [UInt8] { [kind] + Wire.number(UInt32(body.count + 4)) + body }

        /// The code of an AuthenticationRequest; nil for others.
        var authentication: UInt32? {
            guard kind == Wire.authentication, body.count >= 4 else { return nil }
            return body[..<4].reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    static let authentication = UInt8(ascii: "R")
    static let backendKey = UInt8(ascii: "K")
    static let ready = UInt8(ascii: "Z")
    static let error = UInt8(ascii: "E")
    static let notice = UInt8(ascii: "N")
    /// ParameterStatus.
    static let parameter = UInt8(ascii: "S")
    /// NegotiateProtocolVersion.
    static let negotiation = UInt8(ascii: "v")
    static let password = UInt8(ascii: "p")
    /// SSLRequest.
    static let tlsRequest: [UInt8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]

    /// Messages of a login are small; what is larger comes from something else than PostgreSQL.
    static let limit = 1_000_000

    /// In network byte order.
    static func number(_ number: UInt32) -> [UInt8] {
        [UInt8(number >> 24), UInt8(number >> 16 & 0xff), UInt8(number >> 8 & 0xff), UInt8(number & 0xff)]
    }

    /// AuthenticationCleartextPassword.
    static let passwordRequest = Message(kind: authentication, body: number(3)).bytes

    /// PasswordMessage.
    static func passwordMessage(_ secret: Secret) -> [UInt8] {
        Message(kind: password, body: Array(secret.reveal().utf8) + [0]).bytes
    }

    /// A simple query.
    static func query(_ sql: String) -> [UInt8] {
        Message(kind: UInt8(ascii: "Q"), body: Array(sql.utf8) + [0]).bytes
    }

    /// CancelRequest.
    static func cancelRequest(_ key: [UInt8]) -> [UInt8] {
        number(UInt32(key.count + 8)) + number(80_877_102) + key
    }

    /// ErrorResponse that ends the connection.
    static func fatal(_ sqlstate: String, _ text: String) -> [UInt8] {
        let fields = [("S", "FATAL"), ("V", "FATAL"), ("C", sqlstate), ("M", text)]
        return Message(
            kind: error, body: fields.flatMap { Array($0.0.utf8) + Array($0.1.utf8) + [0] } + [0]
        ).bytes
    }
}
