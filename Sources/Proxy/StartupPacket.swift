/// What a client of PostgreSQL says first (PostgreSQL documentation, "Message Formats").
package enum StartupPacket: Sendable, Hashable {
    /// StartupMessage: the version of the protocol, and names with values in the client's order.
    case startup(version: UInt32, parameters: [Parameter])
    /// Asks for TLS, or for encryption by GSSAPI: there is none on a way that does not leave the machine.
    case encryption
    /// The key of a session whose query is to be cancelled: process and secret.
    case cancel(key: [UInt8])

    package struct Parameter: Sendable, Hashable {
        package var name: String
        package var value: String
    }

    /// Larger ones are no packets (the server's own limit, MAX_STARTUP_PACKET_LENGTH).
    static let limit = 10_000

    /// Reads what stands behind the packet's length.
    ///
    /// - Returns: nil where it is no packet.
    package init?(_ body: [UInt8]) {
        guard body.count >= 4 else { return nil }
        let code = body[..<4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        switch code {
        case 80_877_103, 80_877_104: self = .encryption
        case 80_877_102 where body.count >= 12: self = .cancel(key: Array(body[4...]))
        default:
            guard code >> 16 == 3, let parameters = Self.parameters(body[4...]) else { return nil }
            self = .startup(version: code, parameters: parameters)
        }
    }

    private static func parameters(_ bytes: ArraySlice<UInt8>) -> [Parameter]? {
        var fields = bytes.split(separator: 0, omittingEmptySubsequences: false)[...]
        var parameters: [Parameter] = []
        while let name = fields.popFirst(), !name.isEmpty {
            guard let value = fields.popFirst(), let text = String(validating: name, as: UTF8.self),
                let words = String(validating: value, as: UTF8.self)
            else { return nil }
            parameters.append(Parameter(name: text, value: words))
        }
        // The empty name that ends the list, and what `split` finds behind the last zero.
        return fields.count <= 1 && bytes.last == 0 ? parameters : nil
    }

    /// Whether it is to be a replication connection: `database`, or a boolean (PostgreSQL documentation, "Message Formats").
    static func wantsReplication(_ parameters: [Parameter]) -> Bool {
        guard let value = parameters.last(where: { $0.name == "replication" })?.value.lowercased() else {
            return false
        }
        // As a server reads booleans: any beginning that means one alone.
        let isFalse =
            value == "0" || (!value.isEmpty && "false".hasPrefix(value))
            || (!value.isEmpty && "no".hasPrefix(value))
            || (value.count > 1 && "off".hasPrefix(value))
        return !isFalse
    }

    /// The packet of a StartupMessage, its length before it.
    static func message(version: UInt32, _ parameters: [Parameter]) -> [UInt8] {
        var body = Wire.number(version)
        for parameter in parameters {
            body += Array(parameter.name.utf8) + [0] + Array(parameter.value.utf8) + [0]
        }
        body.append(0)
        return Wire.number(UInt32(body.count + 4)) + body
    }
}
