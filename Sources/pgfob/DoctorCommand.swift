#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import EventLoop
import Operations
import Settings

/// `pgfob doctor`: whether this machine has what pgfob needs.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Say what of this machine pgfob works with, and what to mend.",
        discussion: "Ends with 1 where there is an error; warnings are about what not everybody needs.")

    @Flag(help: "One JSON object a check.") var json = false
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        let session = try Session.open()
        var surroundings = session.plainSurroundings
        var settings: [DoctorCheck]
        do throws(Refusal) {
            let read = try session.settings()
            surroundings.psql = read.psql
            // What only the screen understands too: keys, the theme.
            let setup = ScreenSetup(session: session)
            let notices = setup.reading(of: setup.load()).notices
            // Each says what to do, as it does on the screen.
            settings = notices.map { DoctorCheck("settings", .warning, $0) }
            if settings.isEmpty { settings = [DoctorCheck("settings", .ok, session.places.config)] }
        } catch {
            settings = [DoctorCheck("settings", .error, error.what, fix: error.remedy)]
        }
        let checks = Doctor(surroundings).checks(now: Date()) + terminal(session.environment) + settings
        for check in checks { Output.print(json ? check.json.text : check.line) }
        if checks.contains(where: { $0.outcome == .error }) { throw ProgramEnd(code: 1) }
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
