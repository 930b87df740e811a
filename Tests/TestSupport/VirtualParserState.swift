/// Where in a sequence the virtual screen is (after the state machine of the DEC terminals).
enum VirtualParserState: Sendable, Equatable {
    case ground
    case utf8([UInt8], missing: Int)
    case escape
    case designate(UInt8)
    case control([UInt8])
    /// OSC, DCS, APC, PM: skipped up to their end; `true` after an ESC.
    case string(Bool)
}
