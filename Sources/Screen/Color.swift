/// A colour as themes name it; the terminal's adapter maps it down to what the terminal has.
package enum Color: Hashable, Sendable {
    /// Whatever the terminal's own foreground or background is.
    case terminal
    /// An entry of the 256-colour palette; 0 to 15 are the user's own sixteen.
    case palette(UInt8)
    /// Red, green and blue, each 0 to 255.
    case rgb(UInt8, UInt8, UInt8)
}
