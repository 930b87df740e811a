#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Times as the screen shows them.
///
/// Everything is counted in whole seconds or minutes of the clock, not of each instant's own phase: so all
/// countdowns on the screen change together, once a second, and all ages together, once a minute.
enum TimeText {
    static let minute = 60
    static let hour = 3600
    static let day = 86400

    /// Whole seconds since 1970, rounded down; far beyond any calendar it stays at the edge.
    static func seconds(_ date: Date) -> Int {
        let value = date.timeIntervalSince1970.rounded(.down)
        guard value.isFinite else { return 0 }
        return Int(max(-1e14, min(1e14, value)))
    }

    /// The instant of a whole second.
    static func date(_ seconds: Int) -> Date { Date(timeIntervalSince1970: Double(seconds)) }

    /// Seconds left of a countdown, 0 once it has ended.
    static func left(until end: Date, now: Date) -> Int { max(0, seconds(end) - seconds(now)) }

    /// `12:41`, and beyond an hour `1:02:03`.
    static func countdown(_ seconds: Int) -> String {
        let minutes = seconds / minute
        guard seconds >= hour else { return "\(minutes):\(two(seconds % minute))" }
        return "\(seconds / hour):\(two(minutes % 60)):\(two(seconds % minute))"
    }

    /// `00:41:07`: how long something took.
    static func duration(_ seconds: Double) -> String {
        let whole = max(0, self.seconds(Date(timeIntervalSince1970: seconds)))
        return "\(two(whole / hour)):\(two(whole / minute % 60)):\(two(whole % minute))"
    }

    /// `41 min`, `2 h 05`, `12 s`: how long something took, roughly.
    static func roughDuration(_ seconds: Double) -> String {
        let whole = max(0, self.seconds(Date(timeIntervalSince1970: seconds)))
        if whole < minute { return "\(whole) s" }
        if whole < hour { return "\(whole / minute) min" }
        return "\(whole / hour) h \(two(whole / minute % 60))"
    }

    /// `4h12m`, `41m`, `<1m`: how long until something, in whole minutes that have begun.
    static func remaining(until end: Date, now: Date) -> String {
        let minutes = (floor(seconds(end), by: minute) - floor(seconds(now), by: minute)) / minute
        guard minutes >= 1 else { return "<1m" }
        guard minutes >= 60 else { return "\(minutes)m" }
        let hours = minutes / 60
        return hours < 48 ? "\(hours)h\(two(minutes % 60))m" : "\(hours / 24)d"
    }

    /// When ``remaining(until:now:)`` next reads differently: at every whole minute, as ages do.
    static func remainingChange(now: Date) -> Date { date(floor(seconds(now), by: minute) + minute) }

    /// How long ago, in one unit: `now`, `4m`, `2h`, `12d`, `3y`.
    static func age(of then: Date, now: Date) -> String {
        let minutes = ageInMinutes(of: then, now: now)
        if minutes < 1 { return "now" }
        if minutes < 60 { return "\(minutes)m" }
        if minutes < 60 * 24 { return "\(minutes / 60)h" }
        let days = minutes / (60 * 24)
        return days < 1000 ? "\(days)d" : "\(days / 365)y"
    }

    /// When ``age(of:now:)`` next reads differently.
    static func ageChange(of then: Date, now: Date) -> Date {
        let start = floor(seconds(then), by: minute)
        let minutes = ageInMinutes(of: then, now: now)
        let unit = minutes < 60 ? 1 : minutes < 60 * 24 ? 60 : 60 * 24
        // Something dated in the future reads `now` until a minute after its own time.
        let next = max(0, minutes) / unit + 1
        return date(start + next * unit * minute)
    }

    private static func ageInMinutes(of then: Date, now: Date) -> Int {
        (floor(seconds(now), by: minute) - floor(seconds(then), by: minute)) / minute
    }

    private static func floor(_ value: Int, by unit: Int) -> Int {
        let rest = value % unit
        return value - (rest < 0 ? rest + unit : rest)
    }

    /// `<1ms`, `23ms`, `2100ms`, `12s`: for narrow columns.
    static func milliseconds(_ value: Double) -> String { milliseconds(value, space: "") }

    /// `<1 ms`, `23 ms`, `12 s`: with a blank before the unit where there is room.
    static func wideMilliseconds(_ value: Double) -> String { milliseconds(value, space: " ") }

    private static func milliseconds(_ value: Double, space: String) -> String {
        guard value.isFinite, value >= 1 else { return "<1\(space)ms" }
        let clipped = min(value, 1e12)
        return clipped < 9999.5 ? "\(Int(clipped.rounded()))\(space)ms" : "\(Int(clipped / 1000))\(space)s"
    }

    /// Two digits.
    static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
