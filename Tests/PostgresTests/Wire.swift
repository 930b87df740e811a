/// Messages of PostgreSQL's protocol, as far as a server that misbehaves needs them
/// (PostgreSQL documentation, "Message Formats").
enum Wire {
    static let acceptsTLS: [UInt8] = [0x53]
    static let refusesTLS: [UInt8] = [0x4e]
    static let authenticationOk = message("R", [0, 0, 0, 0])
    static let cleartextPassword = message("R", [0, 0, 0, 3])
    static let unknownAuthentication = message("R", [0, 0, 0, 42])
    /// The head of a request for authentication that is longer than what will come.
    static let longAuthentication: [UInt8] = [0x52, 0, 0, 0x07, 0xd0]
    static let readyForQuery = message("Z", Array("I".utf8))
    static let notice = error("01000", "tick", type: "N", severity: "NOTICE")
    /// CopyOutResponse without columns.
    static let copyOut = message("H", [0, 0, 0])
    static let commandComplete = message("C", Array("SELECT 0".utf8) + [0])
    /// A row of one column.
    static let row = message("D", [0, 1, 0, 0, 0, 1, 0x78])
    static let rowDescription = message(
        "T", [0, 1, 0x63, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0])
    /// A TLS record that promises far more than will come.
    static let longRecord: [UInt8] = [0x16, 0x03, 0x03, 0x40, 0x00]

    static func error(
        _ sqlstate: String, _ text: String, type: Character = "E", severity: String = "FATAL"
    ) -> [UInt8] {
        let fields = ["S\(severity)", "V\(severity)", "C\(sqlstate)", "M\(text)"]
        return message(type, fields.flatMap { Array($0.utf8) + [0] } + [0])
    }

    /// ParameterStatus: what the server tells of itself at the login.
    static func parameter(_ name: String, _ value: String) -> [UInt8] {
        message("S", Array(name.utf8) + [0] + Array(value.utf8) + [0])
    }

    private static func message(_ type: Character, _ body: [UInt8]) -> [UInt8] {
        let length = UInt32(body.count + 4)
        let prefix = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
        return Array(String(type).utf8) + prefix + body
    }
}
