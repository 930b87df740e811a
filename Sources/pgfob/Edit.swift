import ArgumentParser
import Operations
import Profiles

/// `pgfob edit`: changes the fields that are given.
struct Edit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change a profile.",
        discussion: "Only what is given changes; an empty value clears.")

    @Argument(help: "Which profile.") var profile: String
    @Option(help: "Its new name.") var name: String?
    @OptionGroup(title: "Fields") var fields: FieldOptions
    @Option(help: "Take a tag away; may be repeated.") var untag: [String] = []
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        let book = try Session.open().book
        let old = try book.named(profile).profile
        var new = old
        new.tags.removeAll { untag.contains($0) }
        try fields.apply(to: &new)
        if let name {
            do throws(FieldProblem) {
                try new.set(.name, to: name)
            } catch {
                throw Refusal(.usage, "--name \(error.message)", do: "correct it and try again")
            }
        }
        guard new != old else {
            Output.print("nothing to change in \(old.name)")
            return
        }
        try book.edit(new, from: old)
        Output.print("changed \(new.name)")
    }
}
