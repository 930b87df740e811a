import Screen

/// The line before psql, on a terminal.
package enum Banner {
    /// The banner in lines that find room: broken behind commas, each a comment of its own.
    ///
    /// - Parameter text: `-- pgfob: orders [PROD] jo@orders, token valid 15:00, read-only --`.
    package static func lines(_ text: String, columns: Int) -> [String] {
        let (start, end, separator) = ("-- ", " --", ", ")
        let text = DisplayText.sanitised(text)
        guard DisplayText.width(text) > columns, text.hasPrefix(start), text.hasSuffix(end) else {
            return [text]
        }
        let inner = text.dropFirst(start.count).dropLast(end.count)
        var lines: [String] = []
        for part in inner.split(separator: separator, omittingEmptySubsequences: false) {
            if let last = lines.last {
                let longer = last + separator + part
                if DisplayText.width(longer) + start.count + end.count <= columns {
                    lines[lines.count - 1] = longer
                    continue
                }
            }
            lines.append(String(part))
        }
        return lines.map { start + $0 + end }
    }
}
