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
import Tunnels

/// A psql, or another program of PostgreSQL's, that is ready to start: what to run, and the secret in memory that it
/// reads.
package struct PreparedSession: Sendable {
    package var profile: Profile
    package var command: PsqlCommand
    /// The password file in memory; nil where no secret is handed over. It lives as long as this value.
    package var passfile: Passfile?
    /// The commands that psql reads at its start, in memory; nil for other programs.
    package var startup: MemoryFile?
    /// Says whether psql has a connection, by the word of its prompt; nil for other programs.
    var lost: MemoryFile?
    /// Says why the token could not be renewed, to the word of its prompt; nil for other programs.
    var trouble: MemoryFile?
    /// Says what is wrong with the tunnel, likewise; nil too where there is none.
    var tunnelTrouble: MemoryFile?
    /// Which connection was guarded by a SET, by the word of its prompt; nil where there is no need of one.
    var guarded: MemoryFile?
    /// What is worth keeping goes here.
    var log: ProgramLog
    /// The token's life, where the login uses one.
    package var token: TokenClock?
    /// Keeps the tunnel up that the session goes through, as long as this value lives.
    package var tunnel: TunnelLease?
    /// What is printed before psql takes the terminal.
    package var banner: String
    /// What else the user has to know before it starts, such as a guard that does not hold; a line each.
    package var warnings: [String] = []
    /// Whether the program talks with the user, so that it can be asked to connect again.
    package var isInteractive = true
    /// What the audit keeps of it.
    package var record: SessionRecord
    /// By which a later start finds what is left of it, where this program is killed.
    var run: RuntimeFolder?

    /// It runs, in a process group.
    package func began(group: Int32) { run?.note(group: group) }

    package func ended(group: Int32) { run?.forget(group: group) }

    /// The token could not be renewed, or could again: psql's next prompt says so, and the log keeps it.
    ///
    /// - Parameter refusal: why not; nil where it could.
    /// - Returns: what was said.
    package func tell(_ refusal: Refusal?, at now: Date) -> String {
        let words = refusal.map { "the token of \(profile.name) was not renewed: \($0.line)" }
        trouble?.replace(with: words.map(PsqlPromptWatch.trouble) ?? "")
        let said = words ?? "the token of \(profile.name) was renewed again"
        log.keep(said, at: now)
        return said
    }

    /// Its tunnel died, or is up again: told in the same way.
    ///
    /// - Parameter words: what is wrong with it; nil where it is up.
    /// - Returns: what was said.
    package func tellTunnel(_ words: String?, at now: Date) -> String {
        // One that was given up waits for somebody who can answer its program's questions.
        let advice = tunnel?.failure == nil ? "" : ": leave psql by \\q and connect again"
        tunnelTrouble?.replace(with: words.map { PsqlPromptWatch.trouble("tunnel \($0)\(advice)") } ?? "")
        let said = words.map { "tunnel \($0)" } ?? "the tunnel is up again"
        log.keep("\(profile.name): \(said)", at: now)
        return said
    }

    /// Whether its prompt tells the user what goes wrong while it runs: psql has none where it reads no terminal.
    package var tellsByPrompt: Bool { isInteractive && trouble != nil && isatty(STDIN_FILENO) == 1 }

    /// Whether psql was connected: it reads its start-up file then and not before. Nil where that cannot be told.
    package var hasConnected: Bool? { startup.map(\.wasRead) }

    /// What is to be said of the tunnel when the program has ended: that it was given up meanwhile, or what was said of a
    /// connection through it that came to nothing. Those words come by a way of their own, and are waited for some
    /// tenths of a second. Nil where there is nothing to say.
    ///
    /// - Parameters:
    ///   - endedWell: whether the program did.
    ///   - told: what was said of the tunnel before, once is enough.
    package func tunnelWords(endedWell: Bool, besides told: String?) -> String? {
        guard let tunnel, !endedWell || hasLostConnection || tunnel.failure != nil else { return nil }
        return tunnel.words().map { "tunnel \($0)" }.flatMap { $0 == told ? nil : $0 }
    }

    /// Whether psql had lost its connection when it was last seen to wait for its user.
    package var hasLostConnection: Bool { lost?.begins(with: PsqlPromptWatch.lost) ?? false }
}
