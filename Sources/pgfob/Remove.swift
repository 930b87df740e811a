import ArgumentParser

/// `pgfob remove`: into the trash.
struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Move profiles to the trash.",
        discussion: "All that are named, or none if one is not found.")

    @Argument(help: "Which profiles.", completion: Completion.profiles) var names: [String]
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        let removed = try Session.open().book.remove(names)
        Output.print("removed \(removed.joined(separator: ", ")); `pgfob trash restore NAME` brings back")
    }
}
