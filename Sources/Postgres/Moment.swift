#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// When something happened: by the clock that measures, and by the one on the wall that tokens live by.
package struct Moment: Sendable, Hashable {
    package var instant: ContinuousClock.Instant
    package var date: Date

    package init(instant: ContinuousClock.Instant, date: Date) {
        self.instant = instant
        self.date = date
    }

    static var now: Moment { Moment(instant: .now, date: Date()) }
}
