import ArgumentParser

/// `pgfob duplicate`: every field under another name.
struct Duplicate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duplicate", abstract: "Copy a profile under another name.")

    @Argument(help: "Which profile.", completion: Completion.profiles) var name: String
    @Argument(help: "The copy's name.") var new: String
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        try Session.open().book.duplicate(name, as: new)
        Output.print("added \(new)")
    }
}
