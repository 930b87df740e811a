/// An instant as SigV4 writes it: `yyyymmddThhmmssZ` (ISO 8601, basic form, UTC).
package struct SigningTime: Sendable, Hashable {
    /// Seconds since 1970.
    package let seconds: Int
    package let text: String

    /// The day alone, `yyyymmdd`.
    package let day: String

    /// - Parameter seconds: since 1970; clipped to the years 1 to 9999.
    package init(seconds: Int) {
        self.seconds = min(253_402_300_799, max(-62_135_596_800, seconds))
        let day = (self.seconds - (self.seconds % 86_400 + 86_400) % 86_400) / 86_400
        let second = self.seconds - day * 86_400
        let date = Self.civil(day)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        Self.append(date.year, 4, to: &bytes)
        Self.append(date.month, 2, to: &bytes)
        Self.append(date.day, 2, to: &bytes)
        self.day = String(decoding: bytes, as: UTF8.self)
        bytes.append(0x54)
        Self.append(second / 3600, 2, to: &bytes)
        Self.append(second / 60 % 60, 2, to: &bytes)
        Self.append(second % 60, 2, to: &bytes)
        bytes.append(0x5a)
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// Reads `yyyymmddThhmmssZ`; nil for anything else.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == 0x54, bytes[15] == 0x5a else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for byte in bytes[range] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(4..<6), let day = number(6..<8),
            let hour = number(9..<11), let minute = number(11..<13), let second = number(13..<15),
            year >= 1, (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        let days = Self.days(year, month, day)
        self.init(seconds: days * 86_400 + hour * 3600 + minute * 60 + second)
        // A 31st of February would come out as a day of March.
        guard self.text == text else { return nil }
    }

    /// A number in so many decimal digits.
    private static func append(_ value: Int, _ count: Int, to bytes: inout [UInt8]) {
        var unit = 1
        for _ in 1..<count { unit *= 10 }
        while unit > 0 {
            bytes.append(0x30 + UInt8(value / unit % 10))
            unit /= 10
        }
    }

    /// Days since 1970 to a date, by counting eras of 400 years from the first of March.
    private static func civil(_ day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * ofYear + 2) / 153
        let civilMonth = month < 10 ? month + 3 : month - 9
        return (
            yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth, ofYear - (153 * month + 2) / 5 + 1
        )
    }

    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear - 719_468
    }
}
