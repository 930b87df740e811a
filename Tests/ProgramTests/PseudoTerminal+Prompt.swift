import TestSupport

extension VirtualScreen {
    /// The last line that has something, where psql asks for the next statement.
    var prompt: String { lines.last { !$0.isEmpty } ?? "" }
}

extension PseudoTerminal {
    /// Asks psql for new prompts until one is as wanted.
    func waitForPrompt(_ what: String, _ holds: (String) -> Bool) throws {
        try waitUntilTrue(what) {
            try? send("\r")
            try? waitForSilence()
            return holds(screen.prompt)
        }
    }
}
