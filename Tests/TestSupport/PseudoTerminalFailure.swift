/// Why a wait came to nothing, with the screen as it was.
package struct PseudoTerminalFailure: Error, CustomStringConvertible {
    package var what: String
    package var screen: VirtualScreen

    package var description: String {
        let edge = "+" + String(repeating: "-", count: screen.columns) + "+"
        let body = screen.lines.map { "|\($0)" }.joined(separator: "\n")
        let modes = screen.modes.sorted().map(String.init).joined(separator: " ")
        return "\(what)\n\(edge)\n\(body)\n\(edge)\ncursor \(screen.column),\(screen.row)  modes \(modes)"
    }
}
