#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The one line above the footer: what the last action came to.
struct StatusLine: Sendable, Equatable {
    enum Kind: Sendable { case plain, ok, trouble }

    /// Keys typed within this time leave the line alone: nobody could have read it yet.
    static let seconds = 3.0

    /// What has been done is news for so long; trouble stays until a key is pressed.
    static let life = 60.0

    var text: String
    var kind: Kind
    var shownAt: Date

    /// When it goes by itself; nil where it does not.
    var end: Date? { kind == .ok ? shownAt.addingTimeInterval(Self.life) : nil }

    func isOver(at now: Date) -> Bool { end.map { $0 <= now } ?? false }
}
