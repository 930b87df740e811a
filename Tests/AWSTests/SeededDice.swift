/// Chance that a seed repeats (a linear congruential generator's upper half), so that a failure can be run again.
struct SeededDice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
    }

    mutating func next() -> UInt64 {
        func half() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 32
        }
        return half() << 32 | half()
    }

    mutating func word(_ letters: String, _ count: ClosedRange<Int>) -> String {
        String(
            (0..<Int.random(in: count, using: &self)).compactMap { _ in letters.randomElement(using: &self) })
    }
}
