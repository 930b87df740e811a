#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Postgres
import Profiles
import Secrets
import Workers

/// What comes back from statements, in order.
package typealias ResultEvent = StatementEvent
/// A column of an answer.
package typealias ResultColumn = StatementColumn

/// What statements on one profile came to.
package enum StatementsEnd: Sendable, Hashable {
    case ok
    /// One line, the SQLSTATE where the server sent one, and what it is for an exit code.
    case failed(String, sqlstate: String?, kind: Refusal.Kind = .failed)
    case cancelled
}

extension SessionPreparer {
    /// The profile as results name it: with the environment that the settings give it.
    package func shown(_ profile: Profile) -> Profile { mint.effective(profile) }

    /// What the audit keeps of statements on a profile, or of pgfob's own program there.
    package func record(
        of profile: Profile, program: String = "", readOnly: Bool, _ choice: SessionChoice
    ) -> SessionRecord {
        var conninfo = Conninfo()
        conninfo["dbname"] = choice.database
        let opened = profile.opened
        conninfo["host"] = opened.parameters["host"]
        return record(opened, program: program, conninfo, readOnly: readOnly, choice)
    }

    /// A login of pgfob's own, with no program behind it.
    struct OwnLogin {
        fileprivate let plan: LoginPlan
        /// What is set after it, where the server takes no options at its start.
        let setup: [String]
        /// Keeps the way to the server open.
        let handOver: HandOver

        /// With a password that was typed, where there is one.
        func plan(_ password: Secret?) -> LoginPlan {
            var plan = plan
            if let password { plan.password = password }
            return plan
        }
    }

    /// Makes ready for a login of our own. Blocks: on the AWS files and the network.
    ///
    /// - Parameters:
    ///   - profile: with what the settings give it.
    ///   - name: the application's, whatever the profile says; the profile's, else ours, where nil.
    func ownLogin(
        _ profile: Profile, readOnly: Bool, choice: SessionChoice, name: String? = nil, options: SignerOptions
    ) throws(Refusal) -> OwnLogin {
        try check(profile)
        // No program inherits anything: the secret goes to libpq here.
        let handOver = try handOver(
            profile, readOnly: readOnly, choice: choice, secretInEnvironment: true, now: Date(),
            options: options)
        var conninfo = handOver.conninfo
        conninfo["application_name"] =
            name ?? conninfo["application_name"] ?? handOver.environment["PGAPPNAME"]
        let plan = LoginPlan(
            conninfo: conninfo, password: handOver.token?.text, auth: profile.auth,
            tokenClock: handOver.token?.clock)
        let settings = handOver.followed.takesStartupOptions ? [] : choice.settings(readOnly: readOnly)
        return OwnLogin(plan: plan, setup: settings.map(\.statement), handOver: handOver)
    }

    /// Logs in as psql is about to, and out again, where the profile has a password: psql ends with the same code whether
    /// that is missing or the server is not there.
    ///
    /// - Parameter kinds: logins of which a program asks; others ask for nothing, or are told not to.
    /// - Throws: ``Refusal`` with cause `no-password` where the server wants one and libpq finds none. Whatever else is
    ///   wrong is psql's to tell.
    func checkPassword(
        _ handOver: HandOver, _ options: SignerOptions, of kinds: [Authentication] = [.password]
    ) throws(Refusal) {
        let auth = handOver.profile.auth
        guard kinds.contains(auth) else { return }
        let outcome = StatementRun(
            LoginPlan(conninfo: handOver.conninfo, auth: auth), setup: [], statements: [],
            connectTimeout: max(.zero, options.wait.deadline - .now), cancellation: options.wait.cancellation
        ).run { _ in }
        guard outcome.passwordFault == .missing else { return }
        throw Refusal(
            .failed,
            "\(handOver.profile.name) wants a password, and there is no terminal to ask for it on",
            do: "keep it in ~/.pgpass, or name such a file by PGPASSFILE", cause: .noPassword)
    }

    /// Runs statements on a profile, in a login of their own.
    ///
    /// Blocks until they are done or cancelled: on the AWS files, the network and the server.
    ///
    /// - Parameters:
    ///   - statements: each is sent as one query.
    ///   - readOnly: whether transactions start read-only, by libpq's `options` or by a SET after the login.
    ///   - connectTimeout: for the login, the token and the name's resolution; the profile's own where that is longer.
    ///   - emit: called with what comes back, on this thread; the server waits meanwhile. What does not hold as the profile's
    ///     service says it comes first, as a notice.
    package func run(
        _ statements: [String], on profile: Profile, readOnly: Bool, choice: SessionChoice = SessionChoice(),
        connectTimeout: Duration = .seconds(15), cancellation: Cancellation,
        askCode: (@Sendable (String) -> String?)? = nil,
        askTunnel: (@Sendable (TunnelQuestion, Cancellation) -> String?)? = nil,
        askPassword: AskedPasswords.Ask? = nil,
        emit: (StatementEvent) -> Void
    ) -> StatementsEnd {
        let connectTimeout = max(connectTimeout, .seconds(profile.connectTimeout ?? 0))
        var options = SignerOptions(timeout: connectTimeout, cancellation: cancellation, askCode: askCode)
        options.askTunnel = askTunnel
        let profile = mint.effective(profile)
        let login: OwnLogin
        do throws(Refusal) {
            login = try ownLogin(profile, readOnly: readOnly, choice: choice, options: options)
        } catch {
            return cancellation.isCancelled
                ? .cancelled : .failed(error.line, sqlstate: nil, kind: error.kind)
        }
        for warning in login.handOver.warnings { emit(.notice(warning)) }
        // What keeps the way to the server open lives as long as this.
        let outcome = withExtendedLifetime(login) {
            surroundings.passwords.logIn(
                login.handOver.followed, cancellation, askPassword, fault: \.passwordFault
            ) { password in
                StatementRun(
                    login.plan(password), setup: login.setup, statements: statements,
                    connectTimeout: connectTimeout, cancellation: cancellation
                ).run(emit: emit)
            }
        }
        switch outcome {
        case .ok: return .ok
        case .cancelled: return .cancelled
        case .failed(let message):
            var line = message.line
            if profile.auth == .password, message.passwordFault == .missing {
                // Nobody waits for the answer any more.
                if cancellation.isCancelled { return .cancelled }
                let why = askPassword == nil ? "it is asked for on a terminal alone" : "none was given"
                line += ": \(why): keep it in ~/.pgpass, or name such a file by PGPASSFILE"
            }
            if message.pointsAtBackslash {
                line += ": psql's own commands are no SQL: `pgfob connect \(profile.name)` has them"
            }
            if message.sqlstate == nil, let words = login.handOver.tunnel?.words() { line += "; \(words)" }
            return .failed(line, sqlstate: message.sqlstate)
        }
    }
}
