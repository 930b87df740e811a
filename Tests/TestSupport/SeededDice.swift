#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Chance that a seed repeats (SplitMix64), so that a failure can be run again.
package struct SeededDice: RandomNumberGenerator {
    private var state: UInt64

    /// `PGFOB_TEST_SEED` takes the place of every seed, to look further than the usual run does.
    package init(seed: UInt64) {
        state = getenv("PGFOB_TEST_SEED").flatMap { UInt64(String(cString: $0)) } ?? seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// Scalars of every length in UTF-8, the reserved ASCII ones more often.
    package mutating func text(upTo count: Int) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...count, using: &self) {
            let range: ClosedRange<UInt32> =
                switch Int.random(in: 0..<6, using: &self) {
                case 0...2: 0x20...0x7e
                case 3: 0...0x7ff
                case 4: 0x800...0xffff
                default: 0x1_0000...0x10_ffff
                }
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &self)) { text.append(scalar) }
        }
        return String(text)
    }

    package mutating func word(_ letters: String, _ count: ClosedRange<Int>) -> String {
        String(
            (0..<Int.random(in: count, using: &self)).compactMap { _ in letters.randomElement(using: &self) })
    }
}
