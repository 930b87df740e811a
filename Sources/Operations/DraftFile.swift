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

/// What stood in a form when the program was ended from outside, kept for the next start. Only what can be a field of a
/// profile is written, and a paste that tells no password, so that it holds no secret.
package struct DraftFile: Sendable {
    /// What was typed.
    package struct Draft: Sendable {
        package var profile: Profile
        /// The saved profile as it was when the form was opened; nil for a new one.
        package var base: Profile?
        /// The paste line.
        package var pasted: String

        package init(_ profile: Profile, of base: Profile?, pasted: String) {
            (self.profile, self.base, self.pasted) = (profile, base, pasted)
        }
    }

    private static let pasted = "# pasted: "
    private static let typed = "# typed, and not saved:"
    private static let new = "# a new profile"
    private static let edit = "# a change of "
    private static let sizeLimit = 1_000_000

    private let path: String

    /// - Parameter folder: that of the program's state.
    package init(folder: String) { path = "\(folder)/draft.toml" }

    /// Writes the draft, mode 0600. Where that fails nobody is left to be told.
    package func keep(_ draft: Draft) {
        let head = draft.base.map {
            "\(Self.edit)\($0.id.uuidString)\n" + ProfileTOML.write($0, unknown: [])
        }
        let paste = draft.pasted.isEmpty ? "" : "\n\(Self.pasted)\(draft.pasted)"
        let text =
            (head ?? Self.new) + paste + "\n\(Self.typed)\n"
            + ProfileTOML.write(draft.profile, unknown: [])
        // Never through a link that somebody else has put there.
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return }
        defer { close(file) }
        _ = Descriptors.writeAll(text.utf8, to: file)
    }

    /// Reads the draft and takes it away; nil where there is none that can be read.
    package func take() -> Draft? {
        guard access(path, F_OK) == 0 else { return nil }
        defer { unlink(path) }
        guard let data = FileManager.default.contents(atPath: path), data.count <= Self.sizeLimit,
            let text = String(validating: data, as: UTF8.self),
            let mark = text.firstRange(of: "\n\(Self.typed)\n"),
            let first = text.split(separator: "\n", maxSplits: 1).first
        else { return nil }
        let typed = String(text[mark.upperBound...])
        let paste = text[..<mark.lowerBound].split(separator: "\n").last { $0.hasPrefix(Self.pasted) }
        let pasted = paste.map { String($0.dropFirst(Self.pasted.count)) } ?? ""
        guard first.hasPrefix(Self.edit) else {
            return Self.profile(typed, Profile()).map { Draft($0, of: nil, pasted: pasted) }
        }
        guard let id = UUID(uuidString: String(first.dropFirst(Self.edit.count))),
            let base = Self.profile(String(text[..<mark.lowerBound]), Profile(id: id)),
            let draft = Self.profile(typed, base)
        else { return nil }
        return Draft(draft, of: base, pasted: pasted)
    }

    private static func profile(_ text: String, _ base: Profile) -> Profile? {
        guard case .profile(let profile, _) = ProfileTOML.read(text, base: base, isWhole: false) else {
            return nil
        }
        return profile
    }
}
