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
import Formats
import Profiles
import Synchronization
import Workers

/// One profile as a TOML file in the user's editor: written, edited, read back, gone.
package final class ProfileEditor: Sendable {
    package enum Outcome: Sendable, Hashable {
        case unchanged
        /// `unknown` are lines whose keys pgfob does not know.
        case profile(Profile, unknown: [String])
        /// The text with a complaint above each line at fault, and the first of them.
        case broken(String, complaint: String)
    }

    private static let sizeLimit = 1_000_000

    /// The editor and its arguments, ready to run.
    package let command: PsqlCommand
    private let profile: Profile
    private let written: String
    private let path: String
    private let isKept = Mutex(false)

    /// Writes the file, mode 0600: it holds no secret, and is nobody else's business all the same.
    ///
    /// - Parameters:
    ///   - text: what came back broken; nil writes the profile, with lines that pgfob does not know.
    ///   - folder: where the file is until it has been read.
    /// - Throws: ``Refusal`` where there is no editor, or the file cannot be written.
    package init(
        _ profile: Profile, text: String?, unknown: [String], folder: String, environment: [String: String]
    ) throws(Refusal) {
        self.profile = profile
        written = text ?? ProfileTOML.write(profile, unknown: unknown)
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var template = Array("\(folder)/profile-XXXXXX.toml".utf8CString)
        let file = mkstemps(&template, 5)
        guard file >= 0 else {
            throw Refusal(
                .failed, "no file can be made in \(folder): \(String(cString: strerror(errno)))",
                do: "check the folder's permissions")
        }
        path = String(cArray: template)
        let isWhole = Descriptors.writeAll(written.utf8, to: file)
        close(file)
        guard isWhole else {
            unlink(path)
            throw Refusal(.failed, "\(path) cannot be written whole", do: "make room on the disk")
        }
        do throws(Refusal) {
            command = try Self.command(path, line: ProfileTOML.firstComplaint(written), environment)
        } catch {
            unlink(path)
            throw error
        }
    }

    deinit { if !isKept.withLock({ $0 }) { unlink(path) } }

    /// Leaves the file where it is: nothing of it is lost.
    ///
    /// - Returns: its path.
    package func keep() -> String {
        isKept.withLock { $0 = true }
        return path
    }

    /// What the editor left, once it has ended.
    ///
    /// - Throws: ``Refusal`` where the file cannot be read.
    package func outcome() throws(Refusal) -> Outcome {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Refusal(.failed, "the editor took its file away", do: "edit again and save in place")
        }
        guard data.count <= Self.sizeLimit, let whole = String(validating: data, as: UTF8.self) else {
            throw Refusal(
                .failed, "the editor left no text that can be read", do: "edit again and save it as UTF-8")
        }
        // As some editors write them; `\r\n` is one character to whoever looks for the ends of lines.
        let text = PlainText.withLineFeeds(whole)
        guard text != written, text.contains(where: { !$0.isWhitespace }) else { return .unchanged }
        switch ProfileTOML.read(text, base: profile) {
        case .profile(let profile, let unknown): return .profile(profile, unknown: unknown)
        case .broken(let faults):
            let first = faults.min { ($0.line ?? 0) < ($1.line ?? 0) }
            let place = first?.line.map { "line \($0): " } ?? ""
            return .broken(ProfileTOML.marked(text, faults), complaint: place + (first?.message ?? ""))
        }
    }

    /// VISUAL, EDITOR, else vi, by words as a shell would split them (environ(7)); with the line to begin on where
    /// the editor is known to take one.
    private static func command(
        _ path: String, line: Int?, _ environment: [String: String]
    ) throws(Refusal) -> PsqlCommand {
        let named = ["VISUAL", "EDITOR"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? "vi"
        guard let words = ShellWords.split(named), let name = words.first,
            let program = ProgramFinder(environment: environment).program(name)
        else {
            throw Refusal(
                .failed, "the editor \(DialAddress.shown(named)) is not there",
                do: "set VISUAL or EDITOR to one that is")
        }
        var arguments = Array(words.dropFirst())
        let known = [
            "vi", "vim", "nvim", "view", "nano", "emacs", "emacsclient", "hx", "kak", "micro", "joe",
            "mcedit",
        ]
        if let line, known.contains(name.split(separator: "/").last.map(String.init) ?? "") {
            arguments.append("+\(line)")
        }
        let variables = environment.filter { $0.key != "LINES" && $0.key != "COLUMNS" }
        return PsqlCommand(executable: program, arguments: arguments + [path], environment: variables)
    }
}
