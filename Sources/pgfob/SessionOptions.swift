import ArgumentParser
import EventLoop
import Operations
import Profiles

/// The options that `connect` and `exec` share: where and how the session opens.
struct SessionOptions: ParsableArguments {
    @Flag(help: "Open read-write where it would start read-only.") var write = false
    @Flag(help: "Open read-only where it would not start so.") var readOnly = false
    @Flag(help: "On the cluster's reader endpoint.") var reader = false
    @Flag(help: "On the cluster's writer endpoint.") var writer = false
    @OptionGroup var settings: ChoiceOptions
    @Flag(help: "Do not ask.") var yes = false

    func validate() throws {
        if write && readOnly { throw ValidationError("--write and --read-only exclude one another") }
        if reader && writer { throw ValidationError("--reader and --writer exclude one another") }
    }

    /// What is opened: the profile on the chosen endpoint, and whether it starts read-only; production has been asked
    /// about by then.
    ///
    /// - Parameter refusalCode: with which a no ends; the standard is `connect`'s and `exec`'s.
    func open(_ name: String, _ verbs: Verbs, what: String, refusalCode: Int32 = 125) throws -> Opening {
        var choice = try settings.choice()
        choice.endpoint = reader ? .reader : writer ? .writer : nil
        let saved = try verbs.book.named(name).profile
        let profile = verbs.mint.effective(try verbs.book.on(choice.endpoint, saved))
        let readOnly = self.readOnly || (profile.startsReadOnly && !write)
        try Confirmation(
            profile: profile, choice: choice, readOnly: readOnly, yes: yes, what: what,
            refusalCode: refusalCode
        ).ask()
        return Opening(profile: profile, readOnly: readOnly, choice: choice)
    }

    struct Opening: Sendable {
        var profile: Profile
        var readOnly: Bool
        var choice: SessionChoice
    }
}

/// What can be said of every session, whatever it is for.
struct ChoiceOptions: ParsableArguments {
    @Option(help: "Another database than the profile's.") var dbname: String?
    @Option(help: "The role that the session takes on.") var role: String?
    @Option(help: ArgumentHelp("As PostgreSQL takes it: 5000, 30s, 5min.", valueName: "duration"))
    var statementTimeout: String?

    /// - Throws: ``Refusal`` of kind `usage` that names the option.
    func choice() throws(Refusal) -> SessionChoice {
        var choice = SessionChoice()
        do throws(SessionChoice.Problem) {
            if let dbname { try choice.set(.database, to: dbname) }
            if let role { try choice.set(.role, to: role) }
            if let statementTimeout { try choice.set(.statementTimeout, to: statementTimeout) }
        } catch {
            throw Refusal(
                .usage, "--\(error.field.rawValue) \(error.message)", do: "see `pgfob help connect`")
        }
        return choice
    }
}
