#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Postgres
import Profiles
import Workers

/// What comes back from statements, in order.
package typealias ResultEvent = StatementEvent
/// A column of an answer.
package typealias ResultColumn = StatementColumn

/// What statements on one profile came to.
package enum StatementsEnd: Sendable, Hashable {
    case ok
    /// One line, and the SQLSTATE where the server sent one.
    case failed(String, sqlstate: String?)
    case cancelled
}

extension SessionPreparer {
    /// The profile as results name it: with the environment that the settings give it.
    package func shown(_ profile: Profile) -> Profile { mint.effective(profile) }

    /// What the audit keeps of statements on a profile.
    package func record(of profile: Profile, readOnly: Bool, _ choice: SessionChoice) -> SessionRecord {
        var conninfo = Conninfo()
        conninfo["dbname"] = choice.database
        return record(profile, program: "", conninfo, readOnly: readOnly, choice)
    }

    /// Runs statements on a profile, in a login of their own.
    ///
    /// Blocks until they are done or cancelled: on the AWS files, the network and the server.
    ///
    /// - Parameters:
    ///   - statements: each is sent as one query.
    ///   - readOnly: whether transactions start read-only, by libpq's `options` or by a SET after the login.
    ///   - connectTimeout: for the login, the token and the name's resolution.
    ///   - emit: called with what comes back, on this thread; the server waits meanwhile.
    package func run(
        _ statements: [String], on profile: Profile, readOnly: Bool, choice: SessionChoice = SessionChoice(),
        connectTimeout: Duration = .seconds(15), cancellation: Cancellation,
        askCode: (@Sendable (String) -> String?)? = nil,
        askTunnel: (@Sendable (TunnelQuestion, Cancellation) -> String?)? = nil,
        emit: (StatementEvent) -> Void
    ) -> StatementsEnd {
        var options = SignerOptions(timeout: connectTimeout, cancellation: cancellation, askCode: askCode)
        options.askTunnel = askTunnel
        let profile = mint.effective(profile)
        let handOver: HandOver
        do throws(Refusal) {
            try check(profile)
            // No program inherits anything: the secret goes to libpq here.
            handOver = try self.handOver(
                profile, readOnly: readOnly, choice: choice, secretInEnvironment: true, now: Date(),
                options: options)
        } catch {
            return cancellation.isCancelled ? .cancelled : .failed(error.line, sqlstate: nil)
        }
        var conninfo = handOver.conninfo
        if conninfo["application_name"] == nil {
            conninfo["application_name"] = handOver.environment["PGAPPNAME"]
        }
        let plan = LoginPlan(
            conninfo: conninfo, password: handOver.token?.text, auth: profile.auth,
            tokenClock: handOver.token?.clock)
        let settings = handOver.followed.takesStartupOptions ? [] : choice.settings(readOnly: readOnly)
        let run = StatementRun(
            plan, setup: settings.map(\.statement), statements: statements, connectTimeout: connectTimeout,
            cancellation: cancellation)
        // What keeps the way to the server open lives as long as this.
        let outcome = withExtendedLifetime(handOver) { run.run(emit: emit) }
        switch outcome {
        case .ok: return .ok
        case .cancelled: return .cancelled
        case .failed(let message):
            let line = message.text.split(separator: "\n").joined(separator: " ")
            return .failed(line, sqlstate: message.sqlstate)
        }
    }
}
