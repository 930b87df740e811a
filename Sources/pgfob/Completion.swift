#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import Operations
import Profiles

/// What a shell is offered where words cannot be known beforehand. Nothing is asked of a network, and what cannot be
/// read offers nothing.
enum Completion {
    /// The names of the saved profiles.
    static let profiles = words { live($0).map(\.profile.name) }

    /// The names of those in the trash.
    static let trash = words { ((try? $0.book.trashed()) ?? []).map(\.profile.name) }

    static let groups = words { Set(live($0).compactMap(\.profile.group)).sorted() }

    static let tags = words { Set(live($0).flatMap(\.profile.tags)).sorted() }

    /// AWS's.
    static let regions = CompletionKind.list(Region.known)

    /// The profiles of the AWS files.
    static let awsProfiles = words {
        TokenMint($0.plainSurroundings).awsProfileNames
    }

    private static func words(_ all: @escaping @Sendable (Session) -> [String]) -> CompletionKind {
        .custom { line, _, _ in
            // The store that the line names, not the one of this process.
            Session.begin(GlobalArguments(arguments(of: line)))
            return ((try? Session.open()).map(all) ?? []).map(fit)
        }
    }

    /// The words of the line behind the program, as the shell would hand them over; what it would have to expand but a
    /// tilde stays as it is.
    private static func arguments(of line: [String]) -> [String] {
        let home = ProcessInfo.processInfo.environment["HOME"] ?? "~"
        var words: [String] = []
        var waiting = line.dropFirst()
        while let word = waiting.popFirst() {
            // bash takes `--store=PATH` for three words.
            if word == "=", let option = words.last, option.hasPrefix("--"), let value = waiting.popFirst() {
                words[words.count - 1] = "\(option)=\(value)"
            } else {
                words.append(word)
            }
        }
        return words.map { word in
            let plain = ShellWords.split(word)?.joined(separator: " ") ?? word
            for start in ["~/", "--store=~/", "--config=~/"] where plain.hasPrefix(start) {
                return start.dropLast(2) + home + "/" + plain.dropFirst(start.count)
            }
            return plain
        }
    }

    /// A name as the asking shell takes it for nothing but a name: bash's `compgen` expands what it is given, commands
    /// too, and zsh's `_describe` splits at colons.
    private static func fit(_ name: String) -> String {
        switch CompletionShell.requesting {
        case .bash?: ShellWords.quoted(name)
        case .zsh?: name.replacing("\\", with: "\\\\").replacing(":", with: "\\:")
        default: name
        }
    }

    private static func live(_ session: Session) -> [SavedProfile] { (try? session.book.live()) ?? [] }
}
