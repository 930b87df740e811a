import App
import Profiles
import Screen
import Testing

/// No key at no size traps, and every screen has the size it was asked for.
struct AnyKeyTests {
    /// A generator whose numbers are the same in every run.
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            // SplitMix64 (Steele, Lea, Flood 2014).
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }

    private static let keys: [Key] =
        [
            .enter, .escape, .tab, .backTab, .backspace, .delete, .insert, .up, .down, .left, .right, .home,
            .end,
            .pageUp, .pageDown, .function(1), .function(5), .alt("x"), .paste("orders\u{1b}[31m\nx"),
            .focusGained,
            .mouse(MouseEvent(kind: .press, button: 1, at: Point(column: 3, row: 3))),
        ] + "jkgGzZ[]/?neDduitvKRqyaor本 é".map { .character($0) } + "cdlnoprsuzt".map { .control($0) }

    private static let sizes = [
        (80, 24), (60, 15), (59, 14), (120, 40), (160, 15), (200, 60), (1, 1), (0, 0), (300, 2), (2, 300),
        (111, 32),
    ]

    @Test(arguments: 0..<20)
    func `any keys at any size leave a screen of that size`(seed: Int) {
        var random = Seeded(state: UInt64(seed))
        var play = Play(seed % 5 == 0 ? [] : Fleet.drawn + Fleet.dev(seed))
        for _ in 0..<120 {
            switch Int.random(in: 0..<12, using: &random) {
            case 0:
                let (columns, rows) = Self.sizes.randomElement(using: &random) ?? (80, 24)
                play.resize(columns: columns, rows: rows)
            case 1: play.send(.profiles(Fleet.drawn.shuffled(using: &random).suffix(seed % 12)))
            case 2: play.wait(Double.random(in: 0..<400, using: &random))
            case 3: play.send(.written(play.lastRequest, .done))
            case 4: play.minted(secondsLeft: 100)
            default: play.press(Self.keys.randomElement(using: &random) ?? .enter)
            }
            let grid = play.grid
            #expect(grid.size == play.size)
            _ = play.model.nextChange(size: play.size)
        }
    }

    @Test func `a paste of 100 kB into the filter is one edit`() {
        var play = Play()
        play.press(.character("/"), .paste(String(repeating: "x\u{1b}", count: 50_000)))
        #expect(play.lines[0].contains("0 visible"))
        #expect(play.lines.count == 24)
        play.press(.escape)
        #expect(play.row(of: "scratch") != "")
    }
}
