extension StringProtocol {
    /// The text without white space and line breaks at either end.
    package func trimmingBlanks() -> String {
        // Nearly every text has none there, and tens of thousands are looked at.
        let text = String(self)
        if let first = text.utf8.first, let last = text.utf8.last, (0x21..<0x7f).contains(first),
            (0x21..<0x7f).contains(last)
        {
            return text
        }
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
