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
        discussion: """
            Ends with 1 where there is an error, and with 0 where there are only warnings, which are about what not \
            everybody needs. Of config.toml an error is what the subcommands refuse.
            """)

    @Flag(help: "One JSON object a check.") var json = false
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        let session = try Session.open()
        let checks =
            Doctor(session.plainSurroundings).checks(now: Date()) + terminal(session.environment)
            + settings(session)
        for check in checks { Output.print(json ? check.json.text : check.line) }
        let errors = checks.count { $0.outcome == .error }
        guard errors > 0 else { return }
        throw Refusal(
            .failed, "\(errors) check\(errors == 1 ? "" : "s") found an error",
            do: "what to mend stands behind each on stdout")
    }

    /// All that is wrong with them, as the screen lists it.
    private func settings(_ session: Session) -> [DoctorCheck] {
        do throws(TOMLProblem) {
            let settings = try session.file.settings()
            let checks = ScreenSetup(session: session).reading(of: settings).notices.map { notice in
                guard let mistake = settings.mistakes.first(where: { $0.line == notice }) else {
                    return DoctorCheck("settings", .warning, notice)
                }
                return DoctorCheck(
                    "settings", mistake.isOfScreenAlone ? .warning : .error, mistake.problem.what,
                    fix: mistake.remedy)
            }
            return checks.isEmpty ? [DoctorCheck("settings", .ok, session.file.path)] : checks
        } catch {
            return [DoctorCheck("settings", .error, error.what, fix: error.remedy)]
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
