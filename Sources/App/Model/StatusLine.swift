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

    var text: String
    var kind: Kind
    var shownAt: Date
}
