#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import EventLoop
import Operations
import Settings
import TOML

/// `pgfob doctor`: whether this machine has what pgfob needs.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Say what of this machine pgfob works with, and what to mend.",
        discussion: "Ends with 1 where there is an error; warnings are about what not everybody needs.")

    @Flag(help: "One JSON object a check.") var json = false
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        let session = try Session.open()
        let surroundings = session.plainSurroundings
        let settings: [DoctorCheck]
        do throws(TOMLProblem) {
            let setup = ScreenSetup(session: session)
            let read = try setup.load()
            surroundings.settings.take(read.forVerbs)
            let wrong = checks(of: read, setup.reading(of: read).notices, refused: try refused(session))
            settings = wrong.isEmpty ? [DoctorCheck("settings", .ok, session.places.config)] : wrong
        } catch {
            settings = [DoctorCheck("settings", .error, error.what, fix: error.remedy)]
        }
        let checks = Doctor(surroundings).checks(now: Date()) + terminal(session.environment) + settings
        for check in checks { Output.print(json ? check.json.text : check.line) }
        if checks.contains(where: { $0.outcome == .error }) { throw ProgramEnd(code: 1) }
    }

    /// What of the settings the subcommands refuse.
    private func refused(_ session: Session) throws(TOMLProblem) -> Set<TOMLProblem> {
        Set(try Settings.read(path: session.places.config).mistakes.map(\.problem))
    }

    /// All that is wrong, as the screen lists it. An error is what the subcommands refuse; keys, the theme and the order
    /// of the list are the screen's alone.
    private func checks(
        of settings: Settings, _ notices: [String], refused: Set<TOMLProblem>
    ) -> [DoctorCheck] {
        notices.map { notice in
            guard
                let problem = settings.mistakes.first(where: { $0.line == notice })?.problem,
                refused.contains(problem)
            else { return DoctorCheck("settings", .warning, notice) }
            return DoctorCheck("settings", .error, problem.what, fix: problem.remedy)
        }
    }

    private func terminal(_ environment: [String: String]) -> [DoctorCheck] {
        var checks = [DoctorCheck("ncurses", .ok, TerminalReport.library)]
        if let refusal = TerminalReport.refusal(environment) {
            checks.append(DoctorCheck("terminfo", .warning, refusal.what, fix: refusal.remedy))
        } else {
            checks.append(DoctorCheck("terminfo", .ok, environment["TERM"] ?? ""))
        }
        checks.append(
            TerminalReport.speaksUTF8
                ? DoctorCheck("locale", .ok, "UTF-8")
                : DoctorCheck(
                    "locale", .warning, "not UTF-8", fix: "set LANG, as in LANG=C.UTF-8, to see every name"))
        return checks
    }
}
