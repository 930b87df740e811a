#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Testing

struct TimestampTests {
    @Test(arguments: [
        (0.0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
        (1_795_528_998, "2026-11-24T14:03:18Z"), (4_107_542_399, "2100-02-28T23:59:59Z"),
        (4_107_542_400, "2100-03-01T00:00:00Z"),
    ])
    func `an instant is written and read back`(seconds: Double, text: String) {
        let date = Date(timeIntervalSince1970: seconds)
        #expect(Timestamp.rfc3339(date) == text)
        #expect(Timestamp.parse(text) == date)
    }

    @Test(arguments: [
        "2026-11-24T14:03:18UTC", "2026-11-24T14:03:18+00:00", "2026-11-24T16:03:18+02:00",
        "2026-11-24t14:03:18z",
        "2026-11-24 14:03:18Z", "2026-11-24T12:33:18-0130",
    ])
    func `the spellings of AWS's tools mean the same instant`(text: String) {
        #expect(Timestamp.parse(text) == Date(timeIntervalSince1970: 1_795_528_998))
    }

    @Test(arguments: [
        "", "2026-11-24", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-24T24:00:00Z",
        "2026-11-24T14:03:18.Z", "2026-11-24T14:03:18X", "２０２６-11-24T14:03:18Z", "yesterday at noon, roughly",
    ])
    func `what is no instant is none`(text: String) {
        #expect(Timestamp.parse(text) == nil)
    }

    @Test func `instants beyond the calendar are clipped and never trap`() {
        for seconds in [Double.infinity, -.infinity, .nan, 1e300, -1e300] {
            #expect(Timestamp.rfc3339(Date(timeIntervalSince1970: seconds)).hasSuffix("Z"))
        }
    }
}
