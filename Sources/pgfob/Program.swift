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
import ArgumentParser
import CSystem
import Operations
import Settings

/// Where the program begins: arguments in, an exit code out.
@main
enum Program {
    static func main() {
        csys_no_core_files()
        csys_end_on_interrupt()
        if let code = OwnProgram.askpass() { Output.exit(code) }
        Output.ignoreClosedPipe()
        HelpText.settleColumns()
        let arguments = GlobalArguments(Array(CommandLine.arguments.dropFirst()))
        let code = run(arguments)
        Output.flush()
        // What was asked for did not arrive.
        Output.exit(code == 0 && Output.hasFailed ? 1 : code)
    }

    private static func run(_ arguments: GlobalArguments) -> Int32 {
        do throws(Refusal) {
            try arguments.check()
            if let socket = arguments.handover { return try runHandedOver(socket) }
            Session.begin(arguments)
            return run(begun: arguments)
        } catch {
            Output.complain(error)
            return error.kind.rawValue
        }
    }

    /// What another pgfob wants done in this window, with its environment. A window goes with its program: last words
    /// stay until they are read.
    private static func runHandedOver(_ socket: String) throws(Refusal) -> Int32 {
        let contents = try Handover.take(socket)
        let arguments = GlobalArguments(contents.arguments)
        try arguments.check()
        if let folder = contents.folder { chdir(folder) }
        // Where libpq itself looks for services; no other thread runs yet.
        for name in ["PGSERVICEFILE", "PGSYSCONFDIR", "PGPASSFILE", "HOME"] {
            if let value = contents.environment[name] { setenv(name, value, 1) } else { unsetenv(name) }
        }
        Session.begin(
            arguments, environment: contents.merged(with: ProcessInfo.processInfo.environment),
            credentials: contents.credentials)
        let code = run(begun: arguments)
        if code != 0, Output.canAsk { _ = Prompt.line("Press Enter to close. ") }
        return code
    }

    private static func run(begun arguments: GlobalArguments) -> Int32 {
        do {
            if arguments.rest == [ManualPage.option] {
                Output.print(ManualPage.text(date: Version.date))
            } else if arguments.rest == ["help", "json"] {
                Output.print(JSONShapes.text)
            } else if arguments.rest.isEmpty {
                try Pgfob.openScreen()
            } else {
                var command = try Pgfob.command(for: arguments.rest)
                try (command as? any CheckedCommand)?.check()
                try command.run()
            }
            return 0
        } catch let refusal as Refusal {
            Output.complain(refusal)
            return refusal.kind.rawValue
        } catch let ending as ProgramEnd {
            return ending.code
        } catch {
            return ArgumentComplaint(error, arguments: arguments.rest).tell()
        }
    }
}
