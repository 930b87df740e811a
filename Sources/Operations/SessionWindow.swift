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
    /// - Throws: ``Refusal`` where there is no tmux, or it refuses.
    package static func open(
        _ profile: Profile, readOnly: Bool, choice: SessionChoice, _ surroundings: Surroundings,
        credentials: Secret?, _ wait: Wait
    ) throws(Refusal) {
        guard surroundings.environment["TMUX"]?.isEmpty == false else {
            throw Refusal(.failed, "windows need tmux", do: "start pgfob inside it, or open the session here")
        }
        guard let program = surroundings.ownFile else {
            throw Refusal(.failed, "pgfob does not find its own file", do: "open the session here")
        }
        let handover = try Handover(surroundings)
        var words = ["tmux", choice.place == .split ? "split-window" : "new-window"]
        if choice.place == .window { words += ["-n", label(profile.name)] }
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
