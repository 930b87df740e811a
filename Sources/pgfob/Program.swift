import ArgumentParser
import CSystem
import Operations
import Settings

/// Where the program begins: arguments in, an exit code out.
@main
enum Program {
    static func main() {
        csys_no_core_files()
        if let code = OwnProgram.askpass() { Output.exit(code) }
        Output.ignoreClosedPipe()
        let arguments = GlobalArguments(Array(CommandLine.arguments.dropFirst()))
        let code = run(arguments)
        Output.flush()
        Output.exit(code)
    }

    private static func run(_ arguments: GlobalArguments) -> Int32 {
        do {
            try arguments.check()
            Session.begin(arguments)
            if arguments.rest == [ManualPage.option] {
                Output.print(ManualPage.text(date: Version.date))
            } else if arguments.rest.isEmpty {
                try Pgfob.openScreen()
            } else {
                var command = try Pgfob.command(for: arguments.rest)
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
