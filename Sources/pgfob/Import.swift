import ArgumentParser
import Operations
import Profiles

/// `pgfob import`: profiles from a file of any program, in one transaction.
struct Import: CheckedCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Save the profiles of a file.",
        discussion: """
            pgfob's JSON, pg_service.conf, .pgpass, URIs, psql commands, pgAdmin, DBeaver, DataGrip, pgcli or CSV; - \
            reads stdin. On a terminal a preview is shown first. No secret is ever stored, and no command of the file is \
            run. What belongs to one machine (an address to dial, CA paths, an AWS profile) comes in once it is approved: \
            at the question, or by --approve.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case auto, json, service, uri, psql, pgpass, pgadmin, dbeaver, datagrip, pgcli, csv
    }

    @Argument(help: "The file, or - for stdin.", completion: .file()) var file: String?
    @Option(
        help: ArgumentHelp("What the file is; found out where absent.", valueName: "format"))
    var format = Format.auto
    @Flag(help: "Only show what would come in.") var dryRun = false
    @Flag(help: "Take over what has to be approved, too.") var approve = false
    @Flag(help: "Do not ask.") var yes = false
    @Flag(help: "Take the last import or discovery back: what it added goes to the trash.") var undo = false
    @Flag(help: "One JSON object a profile.") var json = false
    @OptionGroup var globals: GlobalOptions

    func check() throws {
        guard undo else { return }
        if file != nil { throw ValidationError("--undo takes no file: it takes the last import back") }
        if dryRun { throw ValidationError("--undo and --dry-run exclude one another") }
        if approve || format != .auto { throw ValidationError("--approve and --format belong to a file") }
    }

    func run() throws {
        let session = try Session.open()
        if undo { return try takeBack(session.book) }
        guard let file else {
            throw Refusal(.usage, "no file is named", do: "pgfob import FILE, or - for stdin")
        }
        let format = format == .auto ? nil : format.rawValue
        let intake = try Importer(session.book, home: session.environment["HOME"]).read(file, format: format)
        var dialogue = IntakeDialogue(
            intake: intake, verb: "imported", dryRun: dryRun, approve: approve, asks: !yes && file != "-",
            json: json)
        dialogue.approvesOwn = intake.isOwn && !Output.canAsk
        let ending = try dialogue.run(session.book)
        if ending != 0 { throw ProgramEnd(code: ending) }
    }

    private func takeBack(_ book: ProfileBook) throws {
        guard let undone = try book.undoLastIntake() else {
            throw Refusal(
                .failed, "there is no import to take back", do: "`pgfob trash list` shows what was deleted")
        }
        if json {
            Output.print(
                JSONText.object([
                    .init("undone", .string(undone.source)), .init("trashed", .integer(undone.count)),
                ]).text)
            return
        }
        let words = "\(undone.count) profile\(undone.count == 1 ? "" : "s")"
        Output.print("took back \(undone.source): \(words) to the trash")
    }
}
