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
    /// - Throws: ``ProxyRefusal`` where it is no packet, with a server's SQLSTATE for it.
    package init(_ body: [UInt8]) throws(ProxyRefusal) {
        guard body.count >= 4 else {
            throw ProxyRefusal("08P01", "a start-up packet ends before it says which protocol it is of")
        }
        let code = Self.code(body)
        switch code {
        case 80_877_103, 80_877_104: self = .encryption
        case 80_877_102: self = .cancel(key: Array(body.dropFirst(4)))
        default:
            guard code >> 16 == Self.major else {
                throw ProxyRefusal(
                    "0A000",
                    "the protocol \(code >> 16).\(code & 0xffff) is not known here, 3.0 and its followers are"
                )
            }
            self = .startup(version: code, parameters: try Self.parameters(body.dropFirst(4)))
        }
    }

    private static let major: UInt32 = 3

    private static func code(_ body: [UInt8]) -> UInt32 {
        body.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }

    /// Whether what begins so, behind the length, is a StartupMessage.
    static func isStartup(_ start: [UInt8]) -> Bool { start.count >= 4 && code(start) >> 16 == major }

    /// Names and values, each ended by a zero byte, and one more behind them. Of a name that comes twice the last one
    /// counts, as for a server.
    private static func parameters(_ bytes: ArraySlice<UInt8>) throws(ProxyRefusal) -> [Parameter] {
        var rest = bytes
        func field() -> ArraySlice<UInt8>? {
            guard let end = rest.firstIndex(of: 0) else { return nil }
            defer { rest = rest[(end + 1)...] }
            return rest[..<end]
        }
        var parameters: [Parameter] = []
        while let name = field() {
            if name.isEmpty {
                guard rest.isEmpty else { break }
                var seen: Set<String> = []
                return parameters.reversed().filter { seen.insert($0.name).inserted }.reversed()
            }
            guard let value = field() else { break }
            let text = String(validating: name, as: UTF8.self)
            guard let text, let words = String(validating: value, as: UTF8.self) else {
                throw ProxyRefusal(
                    "22021",
                    "\(text.map { "the value of \($0)" } ?? "a name") in the start-up packet is not UTF-8")
            }
            parameters.append(Parameter(name: text, value: words))
        }
        throw ProxyRefusal(
            "08P01",
            "the start-up packet is no list of names and values, each ended by a zero byte, with one more at its end"
        )
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
