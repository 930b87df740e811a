extension SecretText {
    /// Longer texts were not typed, and are not looked through with every key.
    private static let longestTyped = 4000

    /// A line that is being typed with a `*` for each character of a password in it, as long as before: so far as what stands
    /// before it tells that it is one. Behind `://name:` five digits may be a port.
    package static func masked(_ line: String) -> String {
        guard line.utf8.count <= longestTyped, line.utf8.contains(where: { $0 == 0x3d || $0 == 0x3a }) else {
            return line
        }
        var characters = Array(line)
        for range in values(in: characters) + userInformation(in: characters) {
            for place in range { characters[place] = "*" }
        }
        return String(characters)
    }

    /// What stands behind `password=`, with or without quotes.
    private static func values(in line: [Character]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        let lowered = line.map { $0.lowercased() }
        for word in ["password", "passwd"] {
            let wanted = word.map(String.init)
            guard line.count > wanted.count else { continue }
            for start in 0..<(line.count - wanted.count)
            where Array(lowered[start..<(start + wanted.count)]) == wanted {
                var at = start + wanted.count
                while at < line.count, line[at] == " " { at += 1 }
                guard at < line.count, line[at] == "=" else { continue }
                at += 1
                while at < line.count, line[at] == " " { at += 1 }
                guard at < line.count else { continue }
                let quote = line[at] == "'" || line[at] == "\"" ? line[at] : nil
                if quote != nil { at += 1 }
                var end = at
                while end < line.count {
                    if line[end] == "\\" {
                        end += 2
                    } else if quote.map({ line[end] == $0 }) ?? (line[end] == "&" || line[end].isWhitespace) {
                        break
                    } else {
                        end += 1
                    }
                }
                if at < min(end, line.count) { ranges.append(at..<min(end, line.count)) }
            }
        }
        return ranges
    }

    /// What stands between the user and the host of an address, or will once the host is typed.
    private static func userInformation(in line: [Character]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        for start in line.indices.dropLast(3) where line[start...].starts(with: "://") {
            let rest = line[(start + 3)...].prefix { !$0.isWhitespace }
            guard rest.first != "[", let colon = rest.firstIndex(of: ":") else { continue }
            let first = colon + 1
            if let at = rest.lastIndex(of: "@") {
                if at > first { ranges.append(first..<at) }
                continue
            }
            let digits = rest[first...].prefix { $0.isNumber }
            let isPort =
                digits.count <= 5
                && (digits.endIndex == rest.endIndex || "/?\"'".contains(rest[digits.endIndex]))
            if !isPort { ranges.append(first..<rest.endIndex) }
        }
        return ranges
    }
}
