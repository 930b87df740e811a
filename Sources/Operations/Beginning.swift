#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// When something that goes on has begun: by the clock that people read, and by one that nobody sets, so that what it has
/// taken is right even where the machine's time was put right meanwhile.
package struct Beginning: Sendable {
    /// By the machine's clock, for whoever reads of it later.
    package let date: Date
    private let instant = ContinuousClock.now

    /// - Parameter date: now, by the machine's clock.
    package init(date: Date = Date()) { self.date = date }

    /// How long it has gone on; the time that the machine has slept is part of it.
    package var duration: Duration { ContinuousClock.now - instant }

    /// The same in seconds.
    package var seconds: Double { duration / .seconds(1) }
}
