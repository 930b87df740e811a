#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Secrets
import Workers

/// A session in a window of tmux, or in a pane beside pgfob: another pgfob that signs for itself.
package enum SessionWindow {
    /// Opens it. Blocks until the other pgfob has what it needs.
    ///
    /// - Parameters:
    ///   - readOnly: as the user has answered already: it is not asked again.
    ///   - credentials: those that this process has got already.
    ///   - size: of the terminal that pgfob has, for a pane beside it.
    /// - Returns: where it went: a window too where two panes would have no room.
    /// - Throws: ``Refusal`` where there is no tmux, or it refuses.
    package static func open(
        _ profile: Profile, readOnly: Bool, choice: SessionChoice, _ surroundings: Surroundings,
        credentials: Secret?, size: (columns: Int, rows: Int), _ wait: Wait
    ) throws(Refusal) -> SessionChoice.Place {
        guard surroundings.environment["TMUX"]?.isEmpty == false else {
            throw Refusal(.failed, "windows need tmux", do: "start pgfob inside it, or open the session here")
        }
        guard let program = surroundings.ownFile else {
            throw Refusal(.failed, "pgfob does not find its own file", do: "open the session here")
        }
        let handover = try Handover(surroundings)
        let pane = choice.place == .split ? Pane(columns: size.columns, rows: size.rows) : nil
        var words = ["tmux"] + (pane?.words ?? ["new-window", "-n", label(profile.name)])
        // Nothing that a profile says is on tmux's command line: it reads `;` and `#(…)` there.
        words += ["--", program, "connect", "--handover", handover.path]
        switch HelperProcess(arguments: words, environment: surroundings.environment).run(wait) {
        case .ended(0, _, _): break
        case .ended(_, _, let errors):
            let said = DialAddress.shown(errors.split(separator: "\n").joined(separator: " "))
            throw Refusal(.failed, "tmux opened no window (\(said))", do: "open the session here")
        case .notFound:
            throw Refusal(.programNotFound, "tmux was not found in PATH", do: "open the session here")
        default: throw Refusal(.failed, "tmux did not answer", do: "open the session here")
        }
        let contents = Handover.Contents(
            environment: surroundings.environment,
            arguments: try arguments(profile, readOnly: readOnly, choice: choice, surroundings),
            credentials: credentials, folder: FileManager.default.currentDirectoryPath)
        try handover.give(contents, wait)
        return pane == nil ? .window : .split
    }

    /// How a terminal is split, so that the list and psql are both of use.
    enum Pane: Hashable {
        case beside
        /// Below the list, so many rows of it.
        case below(Int)

        /// What the list needs to be drawn, and what a result needs to be read.
        private static let (listColumns, listRows, psqlColumns, psqlRows) = (60, 15, 80, 10)

        /// - Returns: nil where there is no room for both.
        init?(columns: Int, rows: Int) {
            // A line of either goes to the border.
            if columns > 2 * Self.psqlColumns {
                self = .beside
            } else if columns >= Self.listColumns, rows > Self.listRows + Self.psqlRows {
                self = .below(min((rows - 1) / 2, rows - 1 - Self.listRows))
            } else if columns > 2 * Self.listColumns, rows >= Self.listRows {
                self = .beside
            } else {
                return nil
            }
        }

        var words: [String] {
            switch self {
            case .beside: ["split-window", "-h"]
            case .below(let rows): ["split-window", "-v", "-l", String(rows)]
            }
        }
    }

    /// The call that opens the same session, without a question.
    static func arguments(
        _ profile: Profile, readOnly: Bool, choice: SessionChoice, _ surroundings: Surroundings
    ) throws(Refusal) -> [String] {
        var words = ["--store", surroundings.storePath]
        if let config = surroundings.configPath { words += ["--config", config] }
        words += [choice.program == nil ? "connect" : "exec", profile.name, "--yes"]
        words.append(readOnly ? "--read-only" : "--write")
        if let endpoint = choice.endpoint { words.append("--\(endpoint.rawValue)") }
        for (option, value) in [
            ("--dbname", choice.database), ("--role", choice.role),
            ("--statement-timeout", choice.statementTimeout),
        ] {
            if let value { words.append("\(option)=\(value)") }
        }
        let program = try SessionPreparer.words(choice.program)
        let more = program + (try SessionPreparer.words(choice.arguments))
        return more.isEmpty ? words : words + ["--"] + more
    }

    /// A window's name in which tmux finds nothing to run.
    private static func label(_ name: String) -> String {
        let plain = name.unicodeScalars.filter { scalar in
            scalar != "#" && scalar != ";" && scalar.value >= 0x20 && !(0x7f..<0xa0).contains(scalar.value)
        }
        let text = String(String.UnicodeScalarView(plain.prefix(30)))
        return text.isEmpty || text.hasPrefix("-") ? "psql" : text
    }
}
