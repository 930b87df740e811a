import Screen

/// Breaks text into lines.
enum TextLines {
    /// The text in lines of so many columns, broken at blanks where there are any; the last of so many lines is
    /// cut where more would follow.
    static func wrapped(_ text: String, width: Int, limit: Int) -> [String] {
        guard width > 0, limit > 0 else { return [] }
        var lines: [String] = []
        // Nothing beyond what can be shown is looked at: a message may be long.
        var rest = Substring(text.prefix(width * limit * 2))
        while !rest.isEmpty {
            if lines.count == limit - 1 || DisplayText.width(String(rest)) <= width {
                lines.append(DisplayText.truncated(String(rest), to: width))
                break
            }
            var line = DisplayText.prefix(String(rest), columns: width)
            guard !line.isEmpty else { break }
            if let blank = line.lastIndex(of: " "), blank > line.startIndex { line = String(line[..<blank]) }
            lines.append(line)
            rest = rest.dropFirst(line.count)
            while rest.first == " " { rest = rest.dropFirst() }
        }
        return lines
    }
}
