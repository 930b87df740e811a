#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import EventLoop
import Operations
import Profiles

/// A program that gets the terminal without the screen, from its banner to its farewell.
struct ForegroundRun {
    let verbs: Verbs
    let profile: Profile

    typealias Prepare = @Sendable (Date, SignerOptions) throws(Refusal) -> PreparedSession

    /// Runs it, and once more where psql has lost its connection, or its token was not renewed, and the user wants that.
    ///
    /// - Parameter prepare: makes it ready, at the time that it is given; on a thread of its own.
    /// - Throws: ``ProgramEnd`` with the program's own code where that is not 0, with 130 where its opening was
    ///   interrupted; ``Refusal``.
    func run(_ prepare: @escaping Prepare) throws {
        let shows = Output.canAsk && Output.isTerminal
        while true {
            let prepared = try opened(prepare)
            if shows {
                for line in Banner.lines(prepared.banner, columns: Output.columns) { Output.remark(line) }
            }
            for warning in prepared.warnings { Output.complain(warning) }
            var (start, entry) = (Date(), Audit.Entry?.none)
            let outcome = ForegroundSession.run(prepared, preparer: verbs.preparer) { began in
                start = began
                entry = verbs.audit.began(prepared.record, at: began)
                verbs.audit.sweep()
            }
            let ending = outcome.ending
            let recorded: SessionRecord.Ending
            switch ending {
            case .notStarted(let line, let code):
                Output.complain(line)
                throw ProgramEnd(code: code)
            case .exited(let code): recorded = .code(code)
            case .killed(let signal): recorded = .signal(signal)
            }
            if let entry {
                verbs.audit.ended(
                    entry, prepared.record.entry(at: start, seconds: outcome.seconds, ending: recorded),
                    counts: true)
                verbs.audit.settle()
            }
            if let words = prepared.tunnelWords(endedWell: ending == .exited(0), besides: outcome.told) {
                Output.complain(words)
            }
            if let trouble = outcome.trouble { Output.complain(trouble.words) }
            if shows {
                Output.remark(outcome.farewell)
                if prepared.isInteractive, outcome.offersAgain, try wantsAgain(outcome) { continue }
            }
            if ending.exitCode != 0 { throw ProgramEnd(code: ending.exitCode) }
            return
        }
    }

    /// Makes it ready; where that takes its time, a line says for what, and ^C ends it.
    private func opened(_ prepare: @escaping Prepare) throws -> PreparedSession {
        let waiting = Interrupts()
        let line = WaitingLine("opening \(profile.name)")
        var options = try Session.open().signerOptions()
        options.wait = waiting.wait(timeout: .seconds(30))
        options.follow(line, "opening \(profile.name)")
        defer { line.clear() }
        let prepared = try waiting.during(looking: line.look) { [options] () throws(Refusal) in
            try prepare(Date(), options)
        }
        guard let prepared else { throw ProgramEnd(code: 130) }
        return prepared
    }

    /// Asks; where AWS wants a login, that is done too.
    private func wantsAgain(_ outcome: ForegroundSession.Outcome) throws -> Bool {
        let login = outcome.trouble?.refusal.login
        let first = login.map { "Log in by `\($0.joined(separator: " "))`, and connect" } ?? "Connect"
        guard
            Prompt.line("\(first) to \(profile.name) again? [y/N] ")?.lowercased().hasPrefix("y") == true
        else { return false }
        guard let login else { return true }
        let command = try LoginCommand.prepare(login, try Session.open().surroundings())
        guard ForegroundSession.run(command) == .exited(0) else {
            Output.complain("the login did not succeed: try it again, then `pgfob connect \(profile.name)`")
            return false
        }
        verbs.mint.forgetCredentials(awsProfile: profile.awsProfile)
        return true
    }

    /// The verbs of `connect` and `exec`. Settings that cannot be read are no wrong call: 2 would be taken for the
    /// program's own.
    static func verbs(_ session: Session) throws -> Verbs {
        do throws(Refusal) { return try session.verbs() } catch {
            Output.complain(error)
            throw ProgramEnd(code: Refusal(.failed, error.what, do: error.remedy).sessionExitCode)
        }
    }

    /// Runs a body of `connect` or `exec`: what pgfob itself could not do ends with a code of its own.
    static func orRefused(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let refusal as Refusal {
            Output.complain(refusal)
            throw ProgramEnd(code: refusal.sessionExitCode)
        }
    }
}
