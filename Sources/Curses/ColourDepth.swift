import Screen

/// How many colours the terminal has, and how a theme's colours map down to them.
package enum ColourDepth: Sendable, Hashable {
    case none, eight, sixteen, palette, direct

    /// - Parameter colours: as terminfo counts them.
    package init(colours: Int) {
        switch colours {
        case (1 << 24)...: self = .direct
        case 256...: self = .palette
        case 16...: self = .sixteen
        case 8...: self = .eight
        default: self = .none
        }
    }

    /// A colour's number for this terminal, -1 for the terminal's own.
    ///
    /// `bright` says that the colour is one of the upper eight and the terminal has only the lower: foregrounds
    /// are made bold instead.
    package func number(of colour: Color) -> (number: Int32, bright: Bool) {
        switch (self, colour) {
        case (.none, _), (_, .terminal): (-1, false)
        // Numbers below eight are the user's own colours there too (user_caps(5), RGB).
        case (.direct, .palette(let index)) where index < 8: (Int32(index), false)
        case (.direct, .palette(let index)): (Int32(Self.packed(Self.components(of: index))), false)
        case (.direct, .rgb(let red, let green, let blue)): (Int32(Self.packed((red, green, blue))), false)
        case (.palette, .palette(let index)): (Int32(index), false)
        case (.palette, .rgb(let red, let green, let blue)): (Int32(Self.nearest256(red, green, blue)), false)
        case (.sixteen, .palette(let index)): (Int32(Self.nearest16(index)), false)
        case (.sixteen, .rgb(let red, let green, let blue)):
            (Int32(Self.nearest16(Self.nearest256(red, green, blue))), false)
        case (.eight, .palette(let index)): Self.folded(Self.nearest16(index))
        case (.eight, .rgb(let red, let green, let blue)):
            Self.folded(Self.nearest16(Self.nearest256(red, green, blue)))
        }
    }

    private static func folded(_ index: UInt8) -> (Int32, Bool) { (Int32(index & 7), index >= 8) }

    private static func packed(_ colour: (UInt8, UInt8, UInt8)) -> Int {
        Int(colour.0) << 16 | Int(colour.1) << 8 | Int(colour.2)
    }

    /// The sixteen as xterm ships them; the user's own may differ.
    private static let first16: [(UInt8, UInt8, UInt8)] = [
        (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205),
        (229, 229, 229), (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255),
        (255, 0, 255), (0, 255, 255), (255, 255, 255),
    ]

    private static let levels: [UInt8] = [0, 95, 135, 175, 215, 255]

    /// Red, green and blue of a palette entry: sixteen, a cube of 6x6x6, 24 greys.
    static func components(of index: UInt8) -> (UInt8, UInt8, UInt8) {
        if index < 16 { return first16[Int(index)] }
        if index >= 232 {
            let grey = 8 + 10 * (index - 232)
            return (grey, grey, grey)
        }
        let cube = Int(index) - 16
        return (levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6])
    }

    private static func nearest256(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
        nearest((red, green, blue), among: 16...255)
    }

    private static func nearest16(_ index: UInt8) -> UInt8 {
        index < 16 ? index : nearest(components(of: index), among: 0...15)
    }

    private static func nearest(
        _ colour: (UInt8, UInt8, UInt8), among range: ClosedRange<UInt8>
    ) -> UInt8 {
        func distance(_ index: UInt8) -> Int {
            let other = components(of: index)
            let red = Int(colour.0) - Int(other.0)
            let green = Int(colour.1) - Int(other.1)
            let blue = Int(colour.2) - Int(other.2)
            return red * red + green * green + blue * blue
        }
        return range.min { distance($0) < distance($1) } ?? 7
    }
}
