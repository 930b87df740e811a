#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// Orders the profiles of a group: pinned before others, then by the column, then by name.
struct SortKey: Sendable, Comparable {
    private let pinned: Bool
    /// Numbers before texts; most columns have one of the two.
    private let number: Double
    private let text: String
    /// The place that the name has among all names.
    private let nameRank: Int
    let index: Int

    /// The keys of all profiles, sorted.
    ///
    /// Names are compared once for all; the store hands them over by name already, and a sorted array is
    /// sorted again in one pass.
    static func sorted(_ saved: [SavedProfile], by order: SortOrder, _ facts: ListFacts) -> [SortKey] {
        let byName = saved.indices.sorted { namePrecedes(saved[$0].profile, saved[$1].profile) }
        let last = byName.count
        let keys = byName.enumerated().map { rank, index in
            let (number, text) = value(saved[index], order.column, facts)
            return SortKey(
                pinned: saved[index].profile.pinned, number: order.isReversed ? -number : number, text: text,
                nameRank: order.isReversed && order.column == .name ? last - rank : rank, index: index)
        }
        guard order.isReversed, order.column != .name else { return keys.sorted() }
        return keys.sorted { left, right in
            // Texts turn round, numbers are turned already; names stay as they are.
            if left.pinned == right.pinned, left.number == right.number, left.text != right.text {
                return left.text > right.text
            }
            return left < right
        }
    }

    private static func value(
        _ saved: SavedProfile, _ column: SortOrder.Column, _ facts: ListFacts
    ) -> (Double, String) {
        let profile = saved.profile
        switch column {
        case .lastUsed:
            return (saved.lastUsedAt.map { -$0.timeIntervalSinceReferenceDate } ?? .infinity, "")
        case .name: return (0, "")
        case .env:
            let known = facts.environment(of: profile)
            let place = known.flatMap { Environment.known.firstIndex(of: $0) }
            return (Double(place ?? (known == nil ? 9 : 8)), known?.word.lowercased() ?? "")
        case .role:
            switch facts.role(of: saved) {
            case .writer: return (0, "")
            case .reader: return (1, "")
            case nil: return (2, "")
            }
        case .endpoint: return (0, HostName.normalised(profile.host))
        case .user: return (0, "\(profile.user?.lowercased() ?? "")@\(profile.database.lowercased())")
        case .auth: return (0, profile.auth.rawValue)
        case .token:
            let end = facts.tokens.clock(of: profile, now: facts.now)?.expiresAt
            return (end?.timeIntervalSinceReferenceDate ?? .infinity, "")
        case .test:
            guard let test = facts.lastTest(saved) else { return (0, "") }
            return (test.passed ? 1 - test.milliseconds / 1e9 : -1, "")
        }
    }

    static func < (left: SortKey, right: SortKey) -> Bool {
        if left.pinned != right.pinned { return left.pinned }
        if left.number != right.number { return left.number < right.number }
        if left.text != right.text { return left.text < right.text }
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
