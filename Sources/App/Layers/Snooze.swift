#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// That a profile opens without a question for a while.
struct Snooze: Sendable {
    /// As it was when the question was answered; nil of one that is not in the list. What has become of it since has been
    /// answered by nobody.
    private let profile: Profile?
    private let span: Range<Date>

    init(_ profile: Profile?, from start: Date, seconds: Double) {
        self.profile = profile
        span = start..<start.addingTimeInterval(max(0, seconds))
    }

    /// Not where the clock was put back behind its beginning: it would last for as much longer.
    func holds(for profile: Profile?, at now: Date) -> Bool { self.profile == profile && span.contains(now) }
}
