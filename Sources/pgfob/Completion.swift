import ArgumentParser
import Operations
import Profiles

/// What a shell is offered where words cannot be known beforehand. Nothing is asked of a network, and what cannot be
/// read offers nothing.
enum Completion {
    /// The names of the saved profiles.
    static let profiles = words { live.map(\.profile.name) }

    /// The names of those in the trash.
    static let trash = words { ((try? Session.open().book.trashed()) ?? []).map(\.profile.name) }

    static let groups = words { Set(live.compactMap(\.profile.group)).sorted() }

    static let tags = words { Set(live.flatMap(\.profile.tags)).sorted() }

    /// The profiles of the AWS files.
    static let awsProfiles = words {
        ((try? Session.open())?.plainSurroundings).map { TokenMint($0).awsProfileNames } ?? []
    }

    private static func words(_ all: @escaping @Sendable () -> [String]) -> CompletionKind {
        .custom { _, _, _ in all().map(fit) }
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

    private static var live: [SavedProfile] { (try? Session.open().book.live()) ?? [] }
}
