#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import EventLoop
import Operations
import Profiles

/// `pgfob edit`: changes the fields that are given.
struct Edit: CheckedCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change a profile.",
        discussion: """
            Only what is given changes; an empty value clears. --read-only-by-environment takes --read-only and \
            --no-read-only back.
            """)

    @Argument(help: "Which profile.", completion: Completion.profiles) var profile: String
    @Option(help: "Its new name.") var name: String?
    @OptionGroup(title: "Fields") var fields: FieldOptions
    @Option(help: "Take a tag away; may be repeated.") var untag: [String] = []
    @Flag(help: "Start sessions as the environment says, neither --read-only nor --no-read-only.")
    var readOnlyByEnvironment = false
    @Flag(help: "Edit all of it as TOML in $VISUAL or $EDITOR.") var editor = false
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        let session = try Session.open()
        let book = session.book
        let old = try book.named(profile).profile
        guard !editor else { return try edit(old, session) }
        var notes: [String] = []
        guard let new = try save(from: old, book, &notes) else {
            for note in notes { Output.warn(note) }
            Output.print("nothing to change in \(old.name)")
            return
        }
        for note in notes + session.remarks(on: new, from: old) { Output.warn(note) }
        Output.print("changed \(new.name)")
    }

    /// Saves what was asked for. Tags that another program adds meanwhile stay beside those of here.
    ///
    /// - Parameter asks: whether somebody has to say yes to what it may come to.
    /// - Returns: nil where there is nothing to change.
    private func save(
        from old: Profile, _ book: ProfileBook, asks: Bool = true, _ notes: inout [String]
    ) throws(Refusal) -> Profile? {
        let new = try changed(old, &notes)
        guard new != old else { return nil }
        if asks { try ExposureQuestion.ask(new, from: old) }
        let clash: Refusal
        do throws(Refusal) {
            try book.edit(new, from: old)
            return new
        } catch {
            clash = error
        }
        guard clash.isClash else { throw clash }
        let now = try book.named(profile).profile
        var same = now
        same.tags = old.tags
        guard same == old, now.tags != old.tags else { throw clash }
        return try save(from: now, book, asks: false, &notes) ?? now
    }

    func check() throws {
        if readOnlyByEnvironment, fields.readOnly != nil {
            throw ValidationError("--read-only-by-environment and --read-only exclude one another")
        }
        guard editor else { return }
        guard name == nil, untag.isEmpty, fields.isEmpty, !readOnlyByEnvironment else {
            throw ValidationError("--editor takes no other change: make it in the editor")
        }
    }

    private func changed(_ old: Profile, _ notes: inout [String]) throws(Refusal) -> Profile {
        var new = old
        new.tags.removeAll { untag.contains($0) }
        notes = try fields.apply(to: &new)
        for tag in untag where !old.tags.contains(tag) {
            let nearest = Nearest.match(tag, among: old.tags).map { ": did you mean \($0)?" } ?? ""
            notes.append("\(old.name) has no tag \"\(DialAddress.shown(tag))\"\(nearest)")
        }
        if readOnlyByEnvironment { new.readOnly = nil }
        if let name {
            do throws(FieldProblem) {
                try new.set(.name, to: name)
            } catch {
                throw Refusal(.usage, "--name \(error.message)", do: "correct it and try again")
            }
        }
        return new.placed(in: FileManager.default.currentDirectoryPath, from: old)
    }

    private func edit(_ old: Profile, _ session: Session) throws {
        var (broken, unknown): (String?, [String]) = (nil, [])
        while true {
            let editor = try ProfileEditor(
                old, text: broken, unknown: unknown, folder: session.places.state,
                environment: session.environment)
            let ending = ForegroundSession.run(editor.command)
            guard case .exited(0) = ending else {
                throw Refusal(
                    .failed,
                    "the editor \(editor.command.executable) \(Self.words(ending)): nothing was changed",
                    do: "try again, or set VISUAL or EDITOR to another")
            }
            switch try editor.outcome() {
            case .unchanged:
                Output.print("nothing to change in \(old.name)")
                return
            case .profile(let edited, let lines):
                let new = edited.placed(in: FileManager.default.currentDirectoryPath, from: old)
                for line in lines { Output.warn("unknown, and not saved: \(line)") }
                do throws(Refusal) {
                    try ExposureQuestion.ask(new, from: old)
                    try session.book.edit(new, from: old)
                } catch {
                    // A name that is taken, a disk that is full: what was typed stays.
                    var refusal = error
                    refusal.remedy += "; what was edited is in \(editor.keep())"
                    throw refusal
                }
                for note in session.remarks(on: new, from: old) { Output.warn(note) }
                Output.print("changed \(new.name)")
                return
            case .broken(let text, let complaint):
                if Output.canAsk { Output.remark(complaint) }
                guard Output.canAsk, Prompt.line("Edit again? [Y/n] ")?.lowercased().hasPrefix("n") == false
                else {
                    throw Refusal(
                        .failed, "\(editor.keep()): \(complaint)",
                        do: "nothing was changed; correct that and `pgfob edit --editor` again")
                }
                (broken, unknown) = (text, [])
            }
        }
    }

    private static func words(_ ending: ForegroundSession.Ending) -> String {
        switch ending {
        case .exited(let code): "ended with \(code)"
        case .killed(let signal): "was ended by signal \(signal)"
        case .notStarted: "cannot be started"
        }
    }
}
