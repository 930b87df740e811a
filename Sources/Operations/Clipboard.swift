#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Profiles
import Workers

/// The user's clipboard, by whichever way leads there from this terminal.
///
/// A text is handed over in a file without a name or through the terminal, never in argv.
package final class Clipboard: Sendable {
    /// How a text gets there.
    package enum Way: Sendable, Hashable {
        /// tmux keeps it in a buffer, and passes it on to its own terminal.
        case tmux
        /// A program of the desktop that reads it, by argv.
        case program([String])
        /// The terminal is asked for it (xterm, "Operating System Commands", 52), through `screen` where that
        /// stands between.
        case terminal(throughScreen: Bool)
        /// Why there is none.
        case none(String)
    }

    /// How long tmux's buffer stays.
    package static let bufferLife = Duration.seconds(60)
    /// Terminals pass over longer ones.
    private static let terminalLimit = 74_000

    package let way: Way
    private let environment: [String: String]
    private let bufferName = "pgfob-\(getpid())"

    package init(environment: [String: String]) {
        self.environment = environment
        way = Self.way(environment, ProgramFinder(environment: environment))
    }

    private static func way(_ environment: [String: String], _ programs: ProgramFinder) -> Way {
        func isSet(_ name: String) -> Bool { !(environment[name] ?? "").isEmpty }
        if isSet("TMUX"), programs.program("tmux") != nil { return .tmux }
        // Over SSH the desktop that DISPLAY names is the other machine's, and slow to ask; the terminal is the user's.
        if !isSet("SSH_CONNECTION") && !isSet("SSH_TTY") {
            let desktop: [(variable: String, words: [String])] = [
                ("WAYLAND_DISPLAY", ["wl-copy"]), ("DISPLAY", ["xclip", "-selection", "clipboard"]),
                ("DISPLAY", ["xsel", "--clipboard", "--input"]),
            ]
            for (variable, words) in desktop where isSet(variable) && programs.program(words[0]) != nil {
                return .program(words)
            }
            #if os(macOS)
            return .program(["pbcopy"])
            #endif
        }
        let term = environment["TERM"] ?? ""
        for name in ["linux", "dumb", "vt52", "vt100", "vt102", "vt220", "ansi"] where term == name {
            return .none("this terminal (\(name)) has no clipboard: use tmux, or the subcommand with a pipe")
        }
        return .terminal(throughScreen: isSet("STY"))
    }

    /// Hands a text to tmux or to a program of the desktop. May block for a moment.
    ///
    /// - Returns: which way it went.
    /// - Throws: ``Refusal`` where it went nowhere.
    package func copy(_ text: String, wait: Wait) throws(Refusal) -> String {
        let bytes = Array(text.utf8)
        switch way {
        case .tmux:
            let load = ["tmux", "load-buffer", "-b", bufferName]
            // Before 3.2 tmux does not know -w, which passes it on to tmux's own terminal.
            if run(load + ["-w", "-"], bytes, wait) {
                return "by tmux, whose prefix ] pastes it for a minute"
            }
            if run(load + ["-"], bytes, wait) {
                return "into tmux alone: its prefix ] pastes it for a minute"
            }
            throw Refusal(.failed, "tmux did not take it", do: "see whether `tmux load-buffer` works here")
        case .program(let words):
            guard run(words, bytes, wait) else {
                throw Refusal(
                    .failed, "\(words[0]) did not take it", do: "see whether \(words[0]) works here")
            }
            return "by \(words[0])"
        case .terminal: return "by way of the terminal, if it lets programs copy (OSC 52)"
        case .none(let reason): throw Refusal(.failed, "nothing was copied", do: reason)
        }
    }

    /// What is written to the terminal to copy a text; nil where that is not the way.
    ///
    /// - Throws: ``Refusal`` where the text is longer than terminals take.
    package func terminalText(_ text: String) throws(Refusal) -> String? {
        guard case .terminal(let throughScreen) = way else { return nil }
        let encoded = Data(text.utf8).base64EncodedString()
        guard encoded.utf8.count <= Self.terminalLimit else {
            throw Refusal(
                .failed, "the text is too long for the terminal's clipboard",
                do: "use the subcommand with a pipe")
        }
        let command = "\u{1b}]52;c;\(encoded)\u{07}"
        guard throughScreen else { return command }
        // What screen passes on is cut into pieces that it can hold.
        var pieces = ""
        var rest = command[...]
        while !rest.isEmpty {
            pieces += "\u{1b}P\(rest.prefix(500))\u{1b}\\"
            rest = rest.dropFirst(500)
        }
        return pieces
    }

    /// Takes tmux's buffer away again.
    package func forget(wait: Wait) {
        guard way == .tmux else { return }
        _ = run(["tmux", "delete-buffer", "-b", bufferName], [], wait)
    }

    private func run(_ words: [String], _ input: [UInt8], _ wait: Wait) -> Bool {
        let process = HelperProcess(
            arguments: words, environment: environment, input: input, collectsOutput: false)
        if case .ended(0, _, _) = process.run(wait) { return true }
        return false
    }
}
