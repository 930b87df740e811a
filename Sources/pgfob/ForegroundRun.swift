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

    /// Runs it, and once more where psql has lost its connection and the user wants that.
    ///
    /// - Parameter prepare: makes it ready, at the time that it is given.
    /// - Throws: ``ProgramEnd`` with the program's own code where that is not 0; ``Refusal``.
    func run(_ prepare: (Date) throws -> PreparedSession) throws {
        let shows = Output.canAsk && Output.isTerminal
        while true {
            let prepared = try prepare(Date())
            if shows { Output.remark(prepared.banner) }
            for warning in prepared.warnings { Output.complain(warning) }
            var (start, entry) = (Date(), Audit.Entry?.none)
            let (ending, seconds) = ForegroundSession.run(prepared, preparer: verbs.preparer) { began in
                start = began
                entry = verbs.audit.began(prepared.record, at: began)
                verbs.audit.sweep()
            }
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
                    entry, prepared.record.entry(at: start, seconds: seconds, ending: recorded), counts: true)
                verbs.audit.settle()
            }
            if let words = prepared.tunnelWords(endedWell: ending == .exited(0)) {
                Output.complain("tunnel \(words)")
            }
            if shows {
                Output.remark(ForegroundSession.farewell(prepared, ending, seconds: seconds))
                if ForegroundSession.lacksConnection(prepared, ending), wantsAgain() { continue }
            }
            if ending.exitCode != 0 { throw ProgramEnd(code: ending.exitCode) }
            return
        }
    }

    private func wantsAgain() -> Bool {
        Prompt.line("Connect to \(profile.name) again? [y/N] ")?.lowercased().hasPrefix("y") ?? false
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
