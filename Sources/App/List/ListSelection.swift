#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the list's cursor stands on: never a row number, so that it follows its profile.
enum ListSelection: Sendable, Hashable {
    case profile(UUID)
    /// A folded group.
    case group(GroupKey)
}
