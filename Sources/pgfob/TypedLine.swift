import Screen

/// What is typed on a terminal that leaves the editing of a line to the program.
struct TypedLine {
    private var bytes: [UInt8] = []

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Takes what a key sends, a byte at a time: Backspace takes a character back, ^U all of them, and other control
    /// characters than a tab are no part of an answer.
    ///
    /// - Returns: what a terminal that shows the line has to be sent.
    mutating func take(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case 0x08, 0x7f:
            guard let last = text.last else { return [] }
            bytes = Array(text.dropLast().utf8)
            return Self.erasing(DisplayText.width(String(last)))
        case 0x15:
            defer { bytes = [] }
            return Self.erasing(DisplayText.width(text))
        case 0x09, 0x20...: bytes.append(byte)
        default: return []
        }
        return [byte]
    }

    private static func erasing(_ columns: Int) -> [UInt8] {
        (0..<columns).flatMap { _ in [0x08, 0x20, 0x08] as [UInt8] }
    }
}
