import CTerm

extension CursesTerminal {
    /// The ncurses that runs.
    package static var library: String { String(cString: ct_library()) }

    /// Why the terminal that the environment names can show no screen; nil where it can.
    package static func refusal(_ environment: [String: String]) -> TerminalRefusal? {
        do throws(TerminalRefusal) {
            _ = try TerminalChoice(environment: environment)
            return nil
        } catch {
            return error
        }
    }

    /// Whether the locale is one of UTF-8. Sets it, as opening does.
    package static var speaksUTF8: Bool { ct_set_locale() == 1 }
}
