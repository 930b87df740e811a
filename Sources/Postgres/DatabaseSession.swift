#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Diagnosis
import TLS
import Workers

/// Why a session did not do what was asked.
package struct DatabaseFailure: Error, Sendable, Hashable {
    /// What libpq or the server said, sanitised.
    package var text: String
    package var sqlstate: String?
    /// Whether somebody has ended it from here.
    package var isCancelled = false
    package let passwordFault: PasswordFault?

    /// On one line; without the piece of the statement that the server marks, which says nothing in one.
    package var line: String {
        text.split(separator: "\n").filter { !$0.hasPrefix("LINE ") && $0.trimmingBlanks() != "^" }
            .joined(separator: " ")
    }

    init(_ message: LibpqMessage) {
        (text, sqlstate, passwordFault) = (message.text, message.sqlstate, message.passwordFault)
    }

    static var cancelled: DatabaseFailure {
        var failure = DatabaseFailure(LibpqMessage("cancelled"))
        failure.isCancelled = true
        return failure
    }
}

/// A session with a server for the program's own questions: whole answers, parameters apart from the statement, and
/// what `NOTIFY` sends. Belongs to one thread; ends with its owner.
package final class DatabaseSession {
    private let connection: LibpqConnection

    /// Logs in. Blocks.
    ///
    /// - Parameters:
    ///   - plan: the login; what it dials is in its conninfo.
    ///   - setup: run after the login, each by itself.
    ///   - wait: for all of it.
    package init(_ plan: LoginPlan, setup: [String] = [], wait: Wait) throws(DatabaseFailure) {
        let login = StatementRun(
            plan, setup: [], statements: [], connectTimeout: wait.deadline - .now,
            cancellation: wait.cancellation)
        switch login.connect() {
        case .success(let made): connection = made
        case .failure(let end):
            guard case .failed(let message) = end.outcome else { throw DatabaseFailure.cancelled }
            throw DatabaseFailure(message)
        }
        for statement in setup { try run(statement, wait: wait) }
    }

    /// Asks one question.
    ///
    /// - Parameters:
    ///   - sql: one statement, with `$1` and so on for the parameters.
    ///   - parameters: as texts; nil is NULL.
    /// - Returns: the rows as the server sent them, unsanitised; none where it answers without rows.
    package func rows(
        _ sql: String, _ parameters: [String?] = [], wait: Wait
    ) throws(DatabaseFailure) -> [[String?]] {
        guard connection.send(sql, parameters) else { throw DatabaseFailure(connection.message) }
        return try answer(wait)
    }

    /// Runs statements without parameters, several of them in one transaction where there are semicolons between.
    package func run(_ sql: String, wait: Wait) throws(DatabaseFailure) {
        guard connection.send(sql) else { throw DatabaseFailure(connection.message) }
        _ = try answer(wait)
    }

    private func answer(_ wait: Wait) throws(DatabaseFailure) -> [[String?]] {
        var rows: [[String?]] = []
        var failure: LibpqMessage?
        while true {
            switch connection.progress() {
            case .result(let result?):
                switch result.kind {
                case .rows: rows += result.takeRows()
                case .failed: failure = failure ?? result.message
                case .command: break
                case .copy:
                    // libpq would answer so again and again.
                    throw DatabaseFailure(LibpqMessage("the server wants to copy instead of answering"))
                }
                // Nobody waits while results come.
                if let end = wait.end { throw Self.failure(end, connection) }
            case .result(nil):
                if let failure { throw DatabaseFailure(failure) }
                return rows
            case .lost: throw DatabaseFailure(failure ?? connection.message)
            case .waiting(let writing):
                let end = wait.until(connection.socket, events: writing ? POLLIN | POLLOUT : POLLIN)
                if end != .ready { throw Self.failure(end, connection) }
            }
        }
    }

    /// Why no answer is waited for any more.
    private static func failure(_ end: Wait.Outcome, _ connection: LibpqConnection) -> DatabaseFailure {
        guard end == .timedOut else { return .cancelled }
        connection.cancel()
        return DatabaseFailure(LibpqMessage("the server did not answer in time"))
    }

    /// Blocks until `NOTIFY` has sent something or the wait is over.
    ///
    /// - Returns: whether something came.
    /// - Throws: ``DatabaseFailure`` where the connection is lost or somebody has cancelled.
    package func waitForNotification(_ wait: Wait) throws(DatabaseFailure) -> Bool {
        while true {
            guard let count = connection.takeNotifications() else {
                throw DatabaseFailure(connection.message)
            }
            if count > 0 { return true }
            switch wait.until(connection.socket, events: POLLIN) {
            case .ready: break
            case .cancelled: throw DatabaseFailure.cancelled
            case .timedOut: return false
            }
        }
    }
}
