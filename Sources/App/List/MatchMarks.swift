import Profiles
import Screen

/// Where the words of a filter stand in what a row shows.
struct MatchMarks {
    private let words: [String]

    init(_ filter: String) { words = ProfileFilter(filter).words }

    var isEmpty: Bool { words.isEmpty }

    /// The columns of each match: the word itself, else its letters in order, as ``ProfileFilter`` finds them.
    func columns(in text: String, isName: Bool) -> [Range<Int>] {
        let characters = Array(text)
        let folded = characters.map { Profile.fold(String($0)) }
        var starts = [0]
        for character in characters {
            starts.append(starts[starts.count - 1] + DisplayText.width(of: character))
        }
        var found: [Range<Int>] = []
        for word in words {
            let letters = word.map { String($0) }
            if let at = Self.run(letters, in: folded) {
                found.append(starts[at]..<starts[at + letters.count])
            } else if isName, let places = Self.spread(letters, in: folded) {
                found += places.map { starts[$0]..<starts[$0 + 1] }
            } else if !isName, let near = Subsequence.places(of: Array(word.utf8), in: Self.bytes(folded)) {
                found += near.map { starts[$0]..<starts[$0 + 1] }
            }
        }
        return found
    }

    /// One for each character: what is no ASCII is no letter of a word.
    private static func bytes(_ folded: [String]) -> [UInt8] {
        folded.map { $0.utf8.count == 1 ? $0.utf8.first ?? 0 : 0 }
    }

    private static func run(_ letters: [String], in text: [String]) -> Int? {
        guard !letters.isEmpty, text.count >= letters.count else { return nil }
        return (0...text.count - letters.count).first { text[$0..<$0 + letters.count].elementsEqual(letters) }
    }

    private static func spread(_ letters: [String], in text: [String]) -> [Int]? {
        var places: [Int] = []
        for (place, letter) in text.enumerated()
        where places.count < letters.count && letter == letters[places.count] {
            places.append(place)
        }
        return places.count == letters.count ? places : nil
    }
}
