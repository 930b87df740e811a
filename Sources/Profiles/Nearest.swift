/// Finds what was probably meant by a mistyped word.
package enum Nearest {
    /// The candidate that is fewest edits away, where that is near enough to be worth offering.
    ///
    /// An edit is a letter more, less or other, or two neighbours swapped; case counts for nothing.
    package static func match(_ typed: String, among candidates: some Sequence<String>) -> String? {
        let word = Array(typed.lowercased().prefix(64))
        guard !word.isEmpty else { return nil }
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let other = Array(candidate.lowercased().prefix(64))
            let limit = min(best.map { $0.distance - 1 } ?? Int.max, max(1, max(word.count, other.count) / 3))
            guard abs(word.count - other.count) <= limit else {
                // Half a name typed is not a slip of the finger, and still the likeliest to be meant.
                if best == nil, word.count >= 3, other.starts(with: word) { best = (candidate, Int.max) }
                continue
            }
            let distance = distance(word, other)
            if distance <= limit { best = (candidate, distance) }
        }
        return best?.candidate
    }

    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for (row, character) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var value = min(
                    last[column + 1] + 1, current[column] + 1, last[column] + (character == other ? 0 : 1))
                if row > 0, column > 0, character == right[column - 1], left[row - 1] == other {
                    value = min(value, beforeLast[column - 1] + 1)
                }
                current.append(value)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
