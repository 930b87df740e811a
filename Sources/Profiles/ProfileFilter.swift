#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A filter as typed: terms such as `env:prod tag:pci region:eu !stale`, and plain words.
///
/// All of them have to hold. A term's value matches the beginning of the field's, a leading `!` turns a term
/// or a word round; `test:` is for how the last test ended, its stage and its cause (`test:ok`, `test:fail`,
/// `test:tls`, `test:token-refused`, and `test:none` without one); `!stale` keeps what was not tested in the last day
/// (design/cli.md), and so does `stale`, which read as a mere word would find nothing.
package struct ProfileFilter: Sendable, Hashable {
    /// How plain words match.
    package enum Matching: Sendable, Hashable {
        /// The word stands somewhere in one of the fields, or its letters do in that order: in the name however far
        /// apart, in the other fields close together.
        case fuzzy
        /// The word stands somewhere in one of the fields.
        case substring
    }

    private enum Term: Sendable, Hashable {
        case word(Word, wanted: Bool)
        case field(Field, String, wanted: Bool)
        case stale
    }

    private enum Field: String, Sendable, Hashable {
        case env, tag, group, region, host, user, auth, name, aws, db, test
    }

    /// A plain word, folded.
    private struct Word: Sendable, Hashable {
        let bytes: [UInt8]
        let letters: UInt64

        init(_ text: some StringProtocol) {
            bytes = Array(Profile.fold(String(text)).utf8)
            letters = FilterKey.letters(bytes)
        }
    }

    private let terms: [Term]

    package init(_ text: String) {
        terms = text.split(whereSeparator: \.isWhitespace).map { part in
            let wanted = !part.hasPrefix("!") || part.count == 1
            let word = wanted ? part : part.dropFirst()
            if word.lowercased() == "stale" { return .stale }
            if let colon = word.firstIndex(of: ":"), let field = Field(rawValue: word[..<colon].lowercased())
            {
                let value = String(word[word.index(after: colon)...])
                // As the key has it.
                return .field(
                    field, field == .name ? Profile.fold(value) : value.lowercased(), wanted: wanted)
            }
            return .word(Word(word), wanted: wanted)
        }
    }

    /// Whether it keeps everything.
    package var isEmpty: Bool { terms.isEmpty }

    /// The plain words that have to be found, folded, and the values of `name:`.
    package var words: [String] {
        terms.compactMap { term in
            switch term {
            case .word(let word, wanted: true): String(decoding: word.bytes, as: UTF8.self)
            case .field(.name, let value, wanted: true): value
            default: nil
            }
        }
    }

    /// How well a profile matches, the higher the better; nil where it does not.
    package func score(_ key: FilterKey, now: Date, matching: Matching) -> Int? {
        var score = 0
        for term in terms {
            switch term {
            case .stale:
                if let tested = key.testedAt, now.timeIntervalSince(tested) < 86_400 { return nil }
            case .field(let field, let value, let wanted):
                if Self.holds(field, value, key) != wanted { return nil }
            case .word(let word, let wanted):
                let found = Self.score(word, key, matching)
                if !wanted, found != nil { return nil }
                if wanted {
                    guard let found else { return nil }
                    score += found
                }
            }
        }
        return score
    }

    /// Whether a profile matches, for callers that judge each one once.
    package func matches(_ saved: SavedProfile, now: Date, matching: Matching) -> Bool {
        score(FilterKey(saved), now: now, matching: matching) != nil
    }

    private static func holds(_ field: Field, _ value: String, _ key: FilterKey) -> Bool {
        switch field {
        case .env:
            key.environment.hasPrefix(value) || Environment(value)?.word.lowercased() == key.environment
        case .tag: key.tags.contains { $0.hasPrefix(value) }
        case .group: key.group.hasPrefix(value)
        case .region: key.region.hasPrefix(value)
        case .host: key.host.contains(value)
        case .user: key.user.hasPrefix(value)
        case .auth: key.auth.hasPrefix(value)
        case .aws: key.awsProfile.hasPrefix(value)
        case .db: key.database.hasPrefix(value)
        case .test: key.test.contains { $0.hasPrefix(value) }
        case .name: contains(key.name, Array(value.utf8)) != nil
        }
    }

    private static func score(_ word: Word, _ key: FilterKey, _ matching: Matching) -> Int? {
        let bytes = word.bytes
        guard word.letters & ~key.letters == 0 else { return contains(key.notes, bytes).map { _ in 100 } }
        if let at = contains(key.name, bytes) {
            // The whole name, its beginning, the beginning of a word of it, anywhere in it.
            if key.name.count == bytes.count { return 1000 }
            if at == 0 { return 800 - min(100, key.name.count) }
            let startsWord = [0x2d, 0x5f, 0x2e, 0x20].contains(key.name[at - 1])
            return (startsWord ? 600 : 500) - min(100, key.name.count)
        }
        if contains(key.text, bytes) != nil { return 300 }
        if matching == .fuzzy {
            if let spread = Subsequence.spread(of: bytes, in: key.name) { return max(120, 200 - spread) }
            if let cost = Subsequence.cost(of: bytes, in: key.text[..<key.looseCount]) {
                return max(1, 90 - cost)
            }
        }
        return contains(key.notes, bytes).map { _ in 100 }
    }

    /// Where a run of bytes begins in another; nil where it does not stand there.
    private static func contains(_ text: [UInt8], _ word: [UInt8]) -> Int? {
        guard let first = word.first else { return 0 }
        guard text.count >= word.count else { return nil }
        let last = text.count - word.count
        var at = 0
        while at <= last {
            if text[at] == first {
                var length = 1
                while length < word.count, text[at + length] == word[length] { length += 1 }
                if length == word.count { return at }
            }
            at += 1
        }
        return nil
    }
}
