/// A colour as SGR names it (ECMA-48 8.3.117, with xterm's 38 and 48).
package enum VirtualColour: Hashable, Sendable {
    case terminal
    case indexed(Int)
    case rgb(Int, Int, Int)
}
