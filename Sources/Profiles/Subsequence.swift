/// Letters of a word found in their order in a text that holds others between them.
package enum Subsequence {
    /// How many others stand between the first and the last letter, however many; nil where they are not all there.
    package static func spread(of word: [UInt8], in text: [UInt8]) -> Int? {
        var next = 0
        var start: Int?
        for (index, byte) in text.enumerated() where next < word.count && byte == word[next] {
            start = start ?? index
            next += 1
            if next == word.count { return index - (start ?? 0) + 1 - word.count }
        }
        return nil
    }

    /// What the others between the letters cost: one each, one for all up to the beginning of a word (`euw1` in
    /// `eu-west-1`). Nil where the letters are not there within one line, or lie too far apart to be what was meant:
    /// at more than two others for each letter every long host name holds every short word.
    ///
    /// - Parameter text: lines parted by `\n`, such as the fields of a profile.
    package static func cost(of word: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
        nearest(word, text)?.cost
    }

    /// The places of the letters, where ``cost(of:in:)`` finds them.
    package static func places(of word: [UInt8], in text: [UInt8]) -> [Int]? {
        guard let found = nearest(word, text[...]) else { return nil }
        var (places, at) = ([found.start], found.start + 1)
        while places.count < word.count, at < text.count {
            if text[at] == word[places.count] { places.append(at) }
            at += 1
        }
        return places
    }

    /// The place from which the letters lie closest together.
    private static func nearest(_ word: [UInt8], _ text: ArraySlice<UInt8>) -> (start: Int, cost: Int)? {
        guard let first = word.first, word.count > 1, word.count <= text.count,
            // Bytes of other scripts are no letters.
            word.allSatisfy({ $0 < 0x80 })
        else { return nil }
        var best: (start: Int, cost: Int)?
        var start = 0
        while start < text.count {
            if text[start] == first,
                let cost = cost(word, text, from: start, limit: best.map { $0.cost - 1 } ?? 2 * word.count)
            {
                best = (start, cost)
                if cost == 0 { break }
            }
            start += 1
        }
        return best
    }

    /// What the way from a place on costs; nil where that is more than a limit.
    private static func cost(
        _ word: [UInt8], _ text: ArraySlice<UInt8>, from start: Int, limit: Int
    ) -> Int? {
        var (at, next, cost) = (start + 1, 1, 0)
        /// What has been skipped since the last letter that was found.
        var gap = 0
        while at < text.count, next < word.count {
            let byte = text[at]
            guard byte != 0x0a else { return nil }
            if byte == word[next] {
                cost += isWord(byte) && !isWord(text[at - 1]) ? min(gap, 1) : gap
                guard cost <= limit else { return nil }
                (gap, next) = (0, next + 1)
            } else {
                gap += 1
                // Beyond that not even the beginning of a word is near.
                guard gap <= 16 else { return nil }
            }
            at += 1
        }
        return next == word.count ? cost : nil
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte >= 0x80
    }
}
