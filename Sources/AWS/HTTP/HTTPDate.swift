#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// Dates as HTTP writes them: `Tue, 24 Nov 2026 14:03:58 GMT` (RFC 9110, 5.6.7).
package enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Nil for anything but the one form that servers have to write.
    package static func parse(_ text: String) -> Date? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[0].hasSuffix(","), words[5] == "GMT",
            let month = months.firstIndex(of: String(words[2])), words[1].utf8.count == 2,
            words[3].utf8.count == 4
        else { return nil }
        let number = month + 1
        return Timestamp.parse("\(words[3])-\(number < 10 ? "0" : "")\(number)-\(words[1])T\(words[4])Z")
    }
}
