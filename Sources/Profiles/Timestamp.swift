#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Instants as text, in UTC: RFC 3339 for people and JSON, the basic form of ISO 8601 for SigV4.
package enum Timestamp {
    /// `2026-11-24T14:03:58Z`, with milliseconds where asked for.
    package static func rfc3339(_ date: Date, milliseconds: Bool = false) -> String {
        let (day, second, milli) = parts(date)
        let (year, month, dayOfMonth) = civil(day)
        var text = "\(four(year))-\(two(month))-\(two(dayOfMonth))T\(two(second / 3600)):"
        text += "\(two(second / 60 % 60)):\(two(second % 60))"
        if milliseconds { text += "." + (milli < 100 ? (milli < 10 ? "00" : "0") : "") + "\(milli)" }
        return text + "Z"
    }

    /// Reads RFC 3339, and what AWS's tools write instead: `UTC` for `Z`, any number of fraction digits, an
    /// offset without a colon.
    package static func parse(_ text: String) -> Date? {
        let bytes = Array(text.utf8)
        func number(_ from: Int, _ count: Int) -> Int? {
            guard from + count <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[from..<(from + count)] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            return value
        }
        guard bytes.count >= 19, bytes.count <= 64, bytes[4] == 0x2d, bytes[7] == 0x2d,
            [0x54, 0x74, 0x20].contains(bytes[10]), bytes[13] == 0x3a, bytes[16] == 0x3a,
            let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
            let hour = number(11, 2),
            let minute = number(14, 2), let second = number(17, 2), (1...12).contains(month), day >= 1,
            day <= daysInMonth(year, month), hour < 24, minute < 60, second <= 60
        else { return nil }
        var at = 19
        var fraction = 0.0
        if at < bytes.count, bytes[at] == 0x2e {
            at += 1
            var scale = 0.1
            let start = at
            while at < bytes.count, (0x30...0x39).contains(bytes[at]) {
                fraction += Double(bytes[at] - 0x30) * scale
                scale /= 10
                at += 1
            }
            guard at > start else { return nil }
        }
        guard let offset = offset(Array(bytes[at...])) else { return nil }
        let seconds = daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
        return Date(timeIntervalSince1970: Double(seconds) + fraction)
    }

    /// The time of day in UTC, `14:03:58`, shifted by the seconds given.
    package static func timeOfDay(_ date: Date, offset: Int = 0) -> String {
        let (_, second, _) = parts(date.addingTimeInterval(Double(offset)))
        return "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
    }

    // MARK: The calendar

    /// Seconds east of UTC; nil where it is no zone.
    private static func offset(_ zone: [UInt8]) -> Int? {
        let text = String(decoding: zone, as: UTF8.self)
        if ["Z", "z", "UTC", ""].contains(text) { return 0 }
        guard let sign = zone.first, sign == 0x2b || sign == 0x2d else { return nil }
        let digits = zone.dropFirst().filter { $0 != 0x3a }
        guard digits.count == 4, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let value = digits.map { Int($0 - 0x30) }
        let seconds = (value[0] * 10 + value[1]) * 3600 + (value[2] * 10 + value[3]) * 60
        return sign == 0x2d ? -seconds : seconds
    }

    private static func parts(_ date: Date) -> (day: Int, second: Int, milli: Int) {
        // Beyond the year 9999 and before the year 1 the text has no place for it.
        let limit = 253_402_300_799_999.0
        let exact = date.timeIntervalSince1970 * 1000
        let millis = Int(min(limit, max(-62_135_596_800_000, exact.isFinite ? exact.rounded(.down) : 0)))
        let day = (millis - (millis % 86_400_000 + 86_400_000) % 86_400_000) / 86_400_000
        let rest = millis - day * 86_400_000
        return (day, rest / 1000, rest % 1000)
    }

    /// Days since 1970-01-01 to year, month and day of the Gregorian calendar, by counting eras of 400 years.
    package static func civil(_ day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * ofYear + 2) / 153
        let dayOfMonth = ofYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfMonth)
    }

    /// Year, month and day to days since 1970-01-01.
    package static func daysFromCivil(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let ofEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear
        return era * 146_097 + ofEra - 719_468
    }

    private static func daysInMonth(_ year: Int, _ month: Int) -> Int {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private static func four(_ value: Int) -> String {
        String(repeating: "0", count: max(0, 4 - String(value).count)) + String(value)
    }
}
