#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Who opened what, for the audit: no SQL, no argument and no secret.
package struct SessionRecord: Sendable, Hashable {
    /// How it ended.
    package enum Ending: Sendable, Hashable {
        case code(Int32)
        case signal(Int32)
    }

    /// Who ended a session through a proxy.
    package enum ProxyEnd: String, Sendable, Hashable {
        /// Its program, as it should be.
        case client
        /// It closed the connection, or was lost.
        case server
        /// The proxy was stopped under it.
        case proxy

        var outcome: String {
            switch self {
            case .client: "ok"
            case .server: "failed"
            case .proxy: "cancelled"
            }
        }
    }

    package var profile: Profile
    /// The program's name without its folder.
    package var program: String
    package var database: String
    package var role: String?
    package var readOnly: Bool
    /// Who ran pgfob, by the system's name for them.
    package var openedBy: String

    package init(
        profile: Profile, program: String, database: String, role: String? = nil, readOnly: Bool,
        openedBy: String
    ) {
        self.profile = profile
        self.program = program
        self.database = database
        self.role = role
        self.readOnly = readOnly
        self.openedBy = openedBy
    }

    /// The entry of its history.
    package func entry(at start: Date, seconds: Double, ending: Ending) -> HistoryEntry {
        let end: JSONText.Member =
            switch ending {
            case .code(let code): .init("exit_code", .integer(Int(code)))
            case .signal(let number): .init("signal", .integer(Int(number)))
            }
        return HistoryEntry(
            profileID: profile.id, name: name, kind: .session, at: start,
            outcome: ending == .code(0) ? "ok" : "failed",
            milliseconds: seconds * 1000, detail: detail([.init("program", .string(program)), end]))
    }

    /// The entry while it goes on.
    ///
    /// - Parameter run: the folder that is locked as long as the program lives.
    package func opened(at start: Date, run: String?) -> HistoryEntry {
        HistoryEntry(
            profileID: profile.id, name: name, kind: .session, at: start, outcome: HistoryEntry.openEnd,
            detail: detail([.init("program", .string(program))] + Self.member(run)))
    }

    /// The entry for statements that ran without a program.
    package func statements(at start: Date, seconds: Double, count: Int, outcome: String) -> HistoryEntry {
        HistoryEntry(
            profileID: profile.id, name: name, kind: .run, at: start, outcome: outcome,
            milliseconds: seconds * 1000,
            detail: detail([.init("statements", .integer(count))]))
    }

    /// The entry while they run.
    package func statementsOpened(at start: Date, count: Int, run: String?) -> HistoryEntry {
        HistoryEntry(
            profileID: profile.id, name: name, kind: .run, at: start, outcome: HistoryEntry.openEnd,
            detail: detail([.init("statements", .integer(count))] + Self.member(run)))
    }

    /// The entry of a client's session through a proxy while it goes on.
    package func proxyOpened(at start: Date, application: String, run: String?) -> HistoryEntry {
        HistoryEntry(
            profileID: profile.id, name: name, kind: .proxy, at: start, outcome: HistoryEntry.openEnd,
            detail: detail(
                [.init("application", .string(application)), .init("sessions", .integer(1))]
                    + Self.member(run)))
    }

    /// The entry of sessions through a proxy that have ended.
    ///
    /// - Parameters:
    ///   - start: when the longest of them began.
    ///   - milliseconds: how long that one took.
    package func proxied(
        at start: Date, milliseconds: Double, application: String, sessions: Int, end: ProxyEnd
    ) -> HistoryEntry {
        HistoryEntry(
            profileID: profile.id, name: name, kind: .proxy, at: start, outcome: end.outcome,
            milliseconds: milliseconds,
            detail: detail([
                .init("application", .string(application)), .init("sessions", .integer(sessions)),
                .init("ended_by", .string(end.rawValue)),
            ]))
    }

    /// What stands for the name of a profile that is not saved: its endpoint.
    private var name: String { profile.host.isEmpty ? profile.name : profile.host }

    private static func member(_ run: String?) -> [JSONText.Member] {
        run.map { [.init("run", .string($0))] } ?? []
    }

    private func detail(_ first: [JSONText.Member]) -> String {
        JSONText.object(
            first + [
                .init("host", .string(profile.host)), .init("database", .string(database)),
                .init("user", .optional(profile.user)), .init("role", .optional(role)),
                .init("read_only", .bool(readOnly)), .init("opened_by", .string(openedBy)),
            ]
        ).text
    }
}
