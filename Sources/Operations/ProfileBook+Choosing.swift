#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

extension ProfileBook {
    /// The live profiles of these names, in the order in which they are first named. Twice named is once meant: what writes
    /// must not write twice.
    ///
    /// - Throws: ``Refusal`` of kind `failed` for the first name that none has.
    package func profiles(named names: [String]) throws(Refusal) -> [Profile] {
        try named(names).map(\.profile)
    }

    /// The live profiles of a group, without regard to case.
    ///
    /// - Throws: ``Refusal`` of kind `failed` where there are none, which offers the nearest group.
    package func profiles(ofGroup group: String) throws(Refusal) -> [Profile] {
        try profiles("group", group) { $0.group.map { [$0] } ?? [] }
    }

    /// The live profiles with a tag, without regard to case.
    ///
    /// - Throws: ``Refusal`` of kind `failed` where there are none, which offers the nearest tag.
    package func profiles(tagged tag: String) throws(Refusal) -> [Profile] {
        try profiles("tag", tag, of: \.tags)
    }

    private func profiles(
        _ what: String, _ wanted: String, of words: (Profile) -> [String]
    ) throws(Refusal) -> [Profile] {
        let all = try live().map(\.profile)
        let found = all.filter { words($0).contains { Profile.fold($0) == Profile.fold(wanted) } }
        guard found.isEmpty else { return found }
        let known = Set(all.flatMap(words)).sorted()
        let nearest = Nearest.match(wanted, among: known)
        throw Refusal(
            .failed, "no profile matches: none has the \(what) \"\(DialAddress.shown(wanted))\"",
            do: nearest.map { "did you mean \"\($0)\"?" } ?? "`pgfob list` shows them all")
    }
}
