import Diagnosis

/// How a stage that failed says so on its line.
extension LoginAttempt {
    /// The first line of what was said, without libpq's prefix that repeats the address; where several addresses were
    /// tried, what each of them said.
    static func detail(_ seen: Observation) -> String {
        if seen.stage == .tcp {
            let each = eachAddress(seen.text)
            if each.count > 1 { return each.joined(separator: ", ") }
        }
        guard let line = seen.text?.split(separator: "\n").first else {
            return seen.ending == .timedOut ? "no answer in the time allowed" : "no reason was given"
        }
        guard line.hasPrefix("connection to "), let at = line.firstRange(of: " failed: ") else {
            return String(line)
        }
        let rest = line[at.upperBound...]
        return rest.isEmpty ? String(line) : String(rest)
    }

    /// `10.0.0.1 Connection timed out`, `10.0.0.2 Connection refused` of ``AddressProbe``'s lines; none of another text.
    static func eachAddress(_ text: String?) -> [String] {
        let lines = text?.split(separator: "\n") ?? []
        let words = lines.compactMap { line -> String? in
            let parts = line.split(separator: "\"", maxSplits: 2)
            guard parts.count == 3, let at = parts[2].firstRange(of: " failed: ") else { return nil }
            return "\(parts[1]) \(parts[2][at.upperBound...])"
        }
        return words.count == lines.count ? words : []
    }
}
