import Diagnosis

/// C strings of libpq. It passes on whatever bytes the other side sent, and the other side may be anything.
enum ServerText {
    /// More than any message of a server that means well.
    private static let limit = 4096

    /// A C string, sanitised, without blank lines and without the blanks at its end.
    static func visible(_ text: UnsafePointer<CChar>?) -> String {
        guard let text else { return "" }
        let bytes = UnsafeBufferPointer(start: text, count: length(text)).map { UInt8(bitPattern: $0) }
        if let valid = String(validating: bytes, as: UTF8.self) { return VisibleText.lines(valid) }
        // Not UTF-8: every byte beyond ASCII is shown by number, so that nothing is lost.
        let escaped = bytes.map {
            $0 < 0x80 ? String(Unicode.Scalar($0)) : "\\x" + VisibleText.hexadecimal(UInt32($0), 2)
        }
        return VisibleText.lines(escaped.joined())
    }

    /// A text in a C array, which Swift imports as a tuple, on one line.
    static func line<Characters>(of characters: Characters) -> String {
        withUnsafeBytes(of: characters) { raw in
            raw.withMemoryRebound(to: CChar.self) { VisibleText.line(visible($0.baseAddress)) }
        }
    }

    private static func length(_ text: UnsafePointer<CChar>) -> Int {
        var count = 0
        while text[count] != 0, count < limit * 4 { count += 1 }
        return count
    }
}
