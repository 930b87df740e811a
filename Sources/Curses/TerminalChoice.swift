import CTerm

/// Which terminfo entry to open, judged before anything is written to the terminal.
struct TerminalChoice {
    let term: String

    /// - Throws: ``TerminalRefusal`` where the terminal cannot show a screen.
    init(environment: [String: String]) throws(TerminalRefusal) {
        let commands = "use the subcommands, `pgfob --help` lists them"
        guard let named = environment["TERM"], !named.isEmpty else {
            throw TerminalRefusal("TERM is not set", do: "set it, as in TERM=xterm-256color, or \(commands)")
        }
        var candidates = [named]
        if Self.speaksXterm(named) { candidates.append("xterm-256color") }
        var verdict = CT_UNKNOWN
        for candidate in candidates {
            verdict = ct_probe(candidate)
            if verdict == CT_OPENED {
                term = candidate
                return
            }
            if verdict == CT_NO_CURSOR { break }
        }
        let shown = String(
            named.unicodeScalars.prefix(40).map { $0.isASCII && $0.value > 0x20 ? Character($0) : "?" })
        if verdict == CT_NO_CURSOR {
            throw TerminalRefusal("the terminal \"\(shown)\" cannot place its cursor", do: commands)
        }
        throw TerminalRefusal(
            "the terminal \"\(shown)\" is not in terminfo",
            do: "install ncurses-term or set TERM=xterm-256color, or \(commands)")
    }

    /// Terminals that understand what xterm does and whose entry a system may lack.
    private static func speaksXterm(_ name: String) -> Bool {
        let known = ["xterm", "foot", "wezterm", "alacritty", "kitty", "ghostty", "konsole", "vte", "iterm"]
        return known.contains { name.lowercased().hasPrefix($0) }
    }
}
