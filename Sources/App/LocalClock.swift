#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// Turns instants into the user's local time. The offset comes from outside: App reads no environment.
package struct LocalClock: Sendable {
    private let offset: @Sendable (Date) -> Int

    /// - Parameter offset: seconds that local time is ahead of UTC at an instant.
    package init(offset: @escaping @Sendable (Date) -> Int) {
        self.offset = offset
    }

    /// Without any offset.
    package static let utc = LocalClock { _ in 0 }

    /// `14:03:58`.
    package func time(_ date: Date) -> String {
        let second = secondOfDay(date)
        return "\(TimeText.two(second / 3600)):\(TimeText.two(second / 60 % 60)):\(TimeText.two(second % 60))"
    }

    /// `14:03:58` on the day of `now`, `23 Nov 14:03` on another one, `23 Nov 2024` in another year.
    func moment(_ date: Date, now: Date) -> String {
        let (then, today) = (dayNumber(date), dayNumber(now))
        guard then != today else { return time(date) }
        let (year, month, day) = Timestamp.civil(then)
        guard year == Timestamp.civil(today).year else { return "\(day) \(Self.months[month - 1]) \(year)" }
        return "\(day) \(Self.months[month - 1]) \(time(date).prefix(5))"
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private func local(_ date: Date) -> Int { TimeText.seconds(date) + offset(date) }

    private func secondOfDay(_ date: Date) -> Int {
        let rest = local(date) % TimeText.day
        return rest < 0 ? rest + TimeText.day : rest
    }

    private func dayNumber(_ date: Date) -> Int { (local(date) - secondOfDay(date)) / TimeText.day }
}
