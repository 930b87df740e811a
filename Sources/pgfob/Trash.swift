import ArgumentParser
import Profiles

/// `pgfob trash`: what was removed, and the way back.
struct Trash: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trash", abstract: "List or restore removed profiles.",
        subcommands: [Listing.self, Restore.self],
        defaultSubcommand: Listing.self)

    struct Listing: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "What lies in the trash, the latest first.")

        @OptionGroup var globals: GlobalOptions

        func run() throws {
            for saved in try Session.open().book.trashed() {
                let when = saved.deletedAt.map { Timestamp.rfc3339($0) } ?? ""
                Output.print("\(when)  \(saved.profile.name)  \(saved.profile.host)")
            }
        }
    }

    struct Restore: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "restore", abstract: "Take the latest one of a name out of the trash.",
            discussion: "Renamed where the name is taken by now.")

        @Argument(help: "Its name.", completion: Completion.trash) var name: String
        @OptionGroup var globals: GlobalOptions

        func run() throws {
            Output.print("restored \(try Session.open().book.restore(name))")
        }
    }
}
