#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Inputs made by chance, more of them in the long run of the tests.
package enum Fuzzing {
    /// So many rounds in the usual run; `PGFOB_TEST_FUZZ` multiplies them.
    package static func rounds(_ usual: Int) -> Int {
        let factor = getenv("PGFOB_TEST_FUZZ").flatMap { Int(String(cString: $0)) } ?? 1
        return usual * max(1, factor)
    }

    /// A sample with some of its bytes changed, dropped, doubled or cut off.
    package static func mutated(_ sample: [UInt8], _ dice: inout SeededDice) -> [UInt8] {
        var bytes = sample
        for _ in 0..<Int.random(in: 1...6, using: &dice) {
            let place = Int.random(in: 0...max(0, bytes.count - 1), using: &dice)
            guard place < bytes.count else { break }
            switch Int.random(in: 0..<6, using: &dice) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &dice)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(Array("{}[]\",:\\<>&=\n\0".utf8).randomElement(using: &dice) ?? 0, at: place)
            case 3: bytes.removeSubrange(place...)
            case 4:
                let end = min(bytes.count, place + Int.random(in: 1...40, using: &dice))
                bytes.insert(contentsOf: bytes[place..<end], at: place)
            default: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
            }
        }
        return bytes
    }
}
