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
import Workers

/// What stood in a form when the program was ended from outside, kept for the next start. Whoever makes the draft leaves
/// out of it what might be a secret.
package struct DraftFile: Sendable {
    private static let pasted = "# pasted: "
    private static let unread = "# unread "
    private static let editorText = "# the editor's text, with its mistake:"
    private static let typed = "# typed, and not saved:"
    private static let new = "# a new profile"
    private static let edit = "# a change of "
    private static let sizeLimit = 1_000_000

    private let path: String

    /// - Parameter folder: that of the program's state.
    package init(folder: String) { path = "\(folder)/draft.toml" }

    /// Writes the draft, mode 0600. Where that fails nobody is left to be told.
    package func keep(_ draft: ProfileDraft) {
        let head = draft.base.map {
            "\(Self.edit)\($0.id.uuidString)\n" + ProfileTOML.write($0, unknown: [])
        }
        let paste = draft.pasted.isEmpty ? "" : "\n\(Self.pasted)\(draft.pasted)"
        let unread = ProfileField.allCases.compactMap { field in
            draft.unread[field].map { "\n\(Self.unread)\(field.rawValue): \($0)" }
        }
        let text =
            (head ?? Self.new) + paste + unread.joined() + "\n\(Self.typed)\n"
            + ProfileTOML.write(draft.profile, unknown: [])
            + (draft.editorText.map { "\n\(Self.editorText)\n\($0)" } ?? "")
        // Never through a link that somebody else has put there.
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return }
        defer { close(file) }
        _ = Descriptors.writeAll(text.utf8, to: file)
    }

    /// Reads the draft and takes it away; nil where there is none that can be read.
    package func take() -> ProfileDraft? {
        guard access(path, F_OK) == 0 else { return nil }
        defer { unlink(path) }
        guard let data = FileManager.default.contents(atPath: path), data.count <= Self.sizeLimit,
            let text = String(validating: data, as: UTF8.self),
            let mark = text.firstRange(of: "\n\(Self.typed)\n"),
            let first = text.split(separator: "\n", maxSplits: 1).first
        else { return nil }
        var typed = text[mark.upperBound...]
        var draft = ProfileDraft(Profile(), of: nil)
        if let mark = typed.firstRange(of: "\n\(Self.editorText)\n") {
            draft.editorText = String(typed[mark.upperBound...])
            typed = typed[..<mark.lowerBound]
        }
        let head = text[..<mark.lowerBound]
        for line in head.split(separator: "\n") { Self.take(line, into: &draft) }
        if first.hasPrefix(Self.edit) {
            guard let id = UUID(uuidString: String(first.dropFirst(Self.edit.count))),
                let base = Self.profile(String(head), Profile(id: id))
            else { return nil }
            draft.base = base
        }
        guard let profile = Self.profile(String(typed), draft.base ?? Profile()) else { return nil }
        draft.profile = profile
        return draft
    }

    private static func take(_ line: Substring, into draft: inout ProfileDraft) {
        if line.hasPrefix(pasted) { draft.pasted = String(line.dropFirst(pasted.count)) }
        guard line.hasPrefix(unread), let colon = line.firstRange(of: ": "),
            let field = ProfileField(rawValue: String(line[..<colon.lowerBound].dropFirst(unread.count)))
        else { return }
        draft.unread[field] = String(line[colon.upperBound...])
    }

    private static func profile(_ text: String, _ base: Profile) -> Profile? {
        guard case .profile(let profile, _) = ProfileTOML.read(text, base: base, isWhole: false) else {
            return nil
        }
        return profile
    }
}
