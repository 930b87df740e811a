import ArgumentParser
import EventLoop
import Operations
import Profiles

/// `pgfob edit`: changes the fields that are given.
struct Edit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change a profile.",
        discussion: "Only what is given changes; an empty value clears.")

    @Argument(help: "Which profile.", completion: Completion.profiles) var profile: String
    @Option(help: "Its new name.") var name: String?
    @OptionGroup(title: "Fields") var fields: FieldOptions
    @Option(help: "Take a tag away; may be repeated.") var untag: [String] = []
    @Flag(help: "Edit all of it as TOML in $VISUAL or $EDITOR.") var editor = false
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        let session = try Session.open()
        let book = session.book
        let old = try book.named(profile).profile
        guard !editor else { return try edit(old, session) }
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
        if let lacking = new.lacking {
            Output.remark("pgfob: \(lacking.field.rawValue) \(lacking.message)")
        }
        remarkOnTunnel(new, old, session)
        Output.print("changed \(new.name)")
    }

    private func remarkOnTunnel(_ new: Profile, _ old: Profile, _ session: Session) {
        guard new.tunnel != old.tunnel, let line = session.complaint(ofTunnelIn: new) else { return }
        Output.remark("pgfob: \(line)")
    }

    private func edit(_ old: Profile, _ session: Session) throws {
        var (broken, unknown): (String?, [String]) = (nil, [])
        while true {
            let editor = try ProfileEditor(
                old, text: broken, unknown: unknown, folder: session.places.state,
                environment: session.environment)
            guard case .exited(0) = ForegroundSession.run(editor.command) else {
                throw Refusal(.failed, "the editor did not end well: nothing was changed", do: "try again")
            }
            switch try editor.outcome() {
            case .unchanged:
                Output.print("nothing to change in \(old.name)")
                return
            case .profile(let new, let lines):
                for line in lines { Output.remark("pgfob: unknown, and not saved: \(line)") }
                do {
                    try session.book.edit(new, from: old)
                } catch {
                    // A name that is taken, a disk that is full: what was typed stays.
                    Output.complain("what was edited is in \(editor.keep())")
                    throw error
                }
                remarkOnTunnel(new, old, session)
                Output.print("changed \(new.name)")
                return
            case .broken(let text, let complaint):
                Output.complain(complaint)
                guard Output.canAsk, Prompt.line("Edit again? [Y/n] ")?.lowercased().hasPrefix("n") == false
                else {
                    throw Refusal(
                        .failed, "nothing was changed; what was edited is in \(editor.keep())",
                        do: "try again")
                }
                (broken, unknown) = (text, [])
            }
        }
    }
}
