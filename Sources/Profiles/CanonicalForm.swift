#if canImport(Darwin)
import Foundation
#else
// The library's own normalisation: FoundationEssentials has none, and Foundation brings ICU with it.
@_spi(_Unicode) import Swift
#endif

/// Unicode's canonical composition (UAX #15, "NFC").
enum CanonicalForm {
    static func composed(_ text: String) -> String {
        #if canImport(Darwin)
        return text.precomposedStringWithCanonicalMapping
        #else
        var composed = String.UnicodeScalarView()
        composed.append(contentsOf: text._nfc)
        return String(composed)
        #endif
    }
}
