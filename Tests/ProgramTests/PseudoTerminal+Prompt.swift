import Foundation
import TestSupport

extension VirtualScreen {
    /// The last line that has something, where psql asks for the next statement.
    var prompt: String { lines.last { !$0.isEmpty } ?? "" }
}

extension PseudoTerminal {
    /// How often something has been written, whether it is still in sight or not.
    func count(of words: String) -> Int {
        String(decoding: output, as: UTF8.self).components(separatedBy: words).count - 1
    }

    /// Asks psql for new prompts until one is as wanted.
    func waitForPrompt(_ what: String, _ holds: (String) -> Bool) throws {
        try waitUntilTrue(what) {
            try? send("\r")
            try? waitForSilence()
            return holds(screen.prompt)
        }
    }
}
