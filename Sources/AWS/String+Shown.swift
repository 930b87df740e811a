extension String {
    /// A name or a path out of a file or the environment, fit for a message of one line: no control character,
    /// and no longer than a reader would read.
    var shown: String { shown(atMost: 120) }

    /// The same, cut after so many characters.
    func shown(atMost limit: Int) -> String {
        var result = ""
        for scalar in unicodeScalars.prefix(limit) {
            switch scalar.value {
            case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069:
                result += "?"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return unicodeScalars.count > limit ? result + "..." : result
    }
}
