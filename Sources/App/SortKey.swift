#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// Orders the profiles of a group: pinned before others, the last used first, then by name.
struct SortKey: Sendable, Comparable {
    private let pinned: Bool
    private let lastUsed: Double
    /// The place that the name has among all names.
    private let nameRank: Int
    let index: Int

    /// The keys of all profiles, sorted.
    ///
    /// Names are compared once for all; the store hands them over by name already, and a sorted array is
    /// sorted again in one pass.
    static func sorted(_ saved: [SavedProfile]) -> [SortKey] {
        let byName = saved.indices.sorted { namePrecedes(saved[$0].profile, saved[$1].profile) }
        let keys = byName.enumerated().map { rank, index in
            SortKey(
                pinned: saved[index].profile.pinned,
                lastUsed: saved[index].lastUsedAt?.timeIntervalSinceReferenceDate ?? -.infinity,
                nameRank: rank, index: index)
        }
        return keys.sorted()
    }

    static func < (left: SortKey, right: SortKey) -> Bool {
        if left.pinned != right.pinned { return left.pinned }
        if left.lastUsed != right.lastUsed { return left.lastUsed > right.lastUsed }
        return left.nameRank < right.nameRank
    }

    static func == (left: SortKey, right: SortKey) -> Bool { left.index == right.index }

    /// By folded name; byte by byte while both are ASCII, which needs no copy.
    private static func namePrecedes(_ left: Profile, _ right: Profile) -> Bool {
        var (ours, theirs) = (left.name.utf8.makeIterator(), right.name.utf8.makeIterator())
        while true {
            switch (ours.next(), theirs.next()) {
            case (nil, nil): return left.id.uuidString < right.id.uuidString
            case (nil, _): return true
            case (_, nil): return false
            case (let one?, let other?):
                guard one < 0x80, other < 0x80 else { return left.foldedName < right.foldedName }
                let (lower, otherLower) = (lowered(one), lowered(other))
                if lower != otherLower { return lower < otherLower }
            }
        }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte + 0x20 : byte }
}
