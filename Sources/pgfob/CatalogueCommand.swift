#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import EventLoop
import Operations
import Profiles

/// `pgfob catalogue`: the profiles that a team shares through a PostgreSQL database.
struct CatalogueCommand: CheckedCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue", abstract: "Share profiles with a team, through a database it has.",
        discussion: """
            init makes the schema pgfob in a profile's database and lets roles read it (--reader) or change it too \
            (--writer). push NAME... shares profiles, and sends what was changed here in those that are shared, after a \
            pull. pull takes over what others have changed. status tells what either would do. Users, notes, pins, AWS profiles, CA \
            files, tunnels and addresses to dial stay yours. Where both sides have changed a field, both values are kept \
            and shown until you decide, by pull --mine or pull --theirs. All of it works on the profiles at hand where \
            the catalogue cannot be reached, and open screens follow the catalogue by themselves. \
            What a pull brought is the team's: undo leaves it alone, an edit and a push change it for all.
            """)

    enum Verb: String, ExpressibleByArgument, CaseIterable { case `init`, status, push, pull }

    @Argument(help: "init, status, push or pull.") var verb = Verb.status
    @Argument(
        help: "Which profiles: push shares them, pull --mine or --theirs decides on them.",
        completion: Completion.profiles)
    var names: [String] = []
    @Option(
        help: ArgumentHelp("The profile that reaches the database; remembered.", valueName: "name"),
        completion: Completion.profiles)
    var through: String?
    @Option(help: ArgumentHelp("init: a role that may read; may be repeated.", valueName: "role"))
    var reader: [String] = []
    @Option(help: ArgumentHelp("init: a role that may change it, too; may be repeated.", valueName: "role"))
    var writer: [String] = []
    @Option(help: "pull: the database user of new profiles.") var user: String?
    @Flag(help: "push: share every profile.") var all = false
    @Flag(help: "push: delete there what was deleted here.") var deleted = false
    @Flag(help: "pull: where both have changed a field, keep what is here.") var mine = false
    @Flag(help: "pull: where both have changed a field, take what is there.") var theirs = false
    @Option(help: "pull --mine, --theirs: only this field; may be repeated.") var field: [String] = []
    @Flag(help: "status, pull: do not ask the catalogue.") var offline = false
    @Flag(help: "push, pull: only show what would be done.") var dryRun = false
    @Flag(help: "Do not ask.") var yes = false
    @Flag(help: "One JSON object a line.") var json = false
    @OptionGroup var globals: GlobalOptions

    func check() throws {
        if mine && theirs { throw ValidationError("--mine and --theirs exclude one another") }
        if all && !names.isEmpty { throw ValidationError("--all and names exclude one another") }
        for (option, isGiven, verbs) in placed where isGiven && !verbs.contains(verb) {
            let owners = verbs.map(\.rawValue).joined(separator: " and ")
            throw ValidationError("\(option) belongs to \(owners), and \(verb.rawValue) takes none")
        }
        if !field.isEmpty && !mine && !theirs { throw ValidationError("--field needs --mine or --theirs") }
        if verb == .pull && !names.isEmpty && !mine && !theirs {
            throw ValidationError("pull takes names with --mine or --theirs only")
        }
        if verb == .status && !names.isEmpty { throw ValidationError("status takes no names") }
        if verb == .`init` && names.count > 1 { throw ValidationError("init takes one profile") }
    }

    /// Options that are not every verb's, whether they were given, and whose they are: who asks for a trial run, or not to
    /// ask the catalogue, must not get the real thing.
    private var placed: [(option: String, isGiven: Bool, verbs: [Verb])] {
        [
            ("--reader", !reader.isEmpty, [.`init`]), ("--writer", !writer.isEmpty, [.`init`]),
            ("--user", user != nil, [.pull]), ("--all", all, [.push]), ("--deleted", deleted, [.push]),
            ("--mine", mine, [.pull]), ("--theirs", theirs, [.pull]), ("--field", !field.isEmpty, [.pull]),
            ("--offline", offline, [.status, .pull]), ("--dry-run", dryRun, [.push, .pull]),
        ]
    }

    func run() throws {
        let session = try Session.open()
        let verbs = try session.verbs()
        let catalogue = verbs.catalogue
        let gate = try catalogue.gate(through ?? (verb == .`init` ? names.first : nil))
        let isNamed = through != nil
        // What only looks is not worth a longer wait; what changes something may wait for others' locks.
        let options = session.signerOptions(timeout: .seconds(verb == .status ? 20 : 60))
        switch verb {
        case .`init`: try make(catalogue, verbs.mint.effective(gate), options)
        case .status:
            let status = try catalogue.status(
                through: gate, isNamed: isNamed, isOffline: offline, options: options)
            for line in json ? status.json.map(\.text) : status.lines { Output.print(line) }
            if let refusal = status.unreachable { throw refusal }
            if !status.conflicts.isEmpty {
                Output.complain(Self.words(inConflict: status.conflicts.count))
                throw ProgramEnd(code: 1)
            }
        case .push: try push(catalogue, gate, options)
        case .pull: try pull(catalogue, gate, options)
        }
    }

    private func make(_ catalogue: TeamCatalogue, _ gate: Profile, _ options: SignerOptions) throws {
        if gate.environment == .prod, !yes {
            guard Output.canAsk else {
                throw Refusal(.usage, "\(gate.name) is production, and nobody can be asked", do: "add --yes")
            }
            let answer = Prompt.line("Make the schema pgfob in the database of [PROD] \(gate.name)? [y/N] ")
            guard Prompt.isYes(answer) else {
                throw Refusal(.failed, "nothing was made", do: "answer y, or give --yes")
            }
        }
        let made = try catalogue.create(through: gate, readers: reader, writers: writer, options: options)
        if json {
            Output.print(
                JSONText.object([
                    .init("catalogue", .string(made.facts.id)), .init("made", .bool(made.isNew)),
                    .init("profiles", .integer(made.facts.count)),
                ]).text)
        } else {
            let words =
                made.isNew
                ? "made the catalogue" : "the catalogue is there, with \(made.facts.count) profiles,"
            Output.print("\(words) in the database of \(gate.name)")
            if made.isNew, reader.isEmpty, writer.isEmpty {
                Output.remark(
                    "pgfob: only \(made.facts.user) can use it: --reader ROLE and --writer ROLE let others")
            }
        }
    }

    private func push(_ catalogue: TeamCatalogue, _ gate: Profile, _ options: SignerOptions) throws {
        let selection = TeamCatalogue.Selection(names: names, everything: all, deletes: deleted)
        let pushed = try catalogue.push(
            selection, through: gate, isNamed: through != nil, isTrial: dryRun, options: options)
        tell(pushed.pulled)
        if json {
            for (word, names) in [
                ("added", pushed.added), ("changed", pushed.changed), ("deleted", pushed.deleted),
            ] {
                for name in names {
                    Output.print(
                        JSONText.object([.init("profile", .string(name)), .init("sent", .string(word))]).text)
                }
            }
            for conflict in pushed.conflicts { Output.print(conflict.json.text) }
            if !pushed.conflicts.isEmpty { Output.complain(Self.words(inConflict: pushed.conflicts.count)) }
        } else {
            Output.print(dryRun ? IntakeDialogue.planned(pushed.words) : pushed.words)
            if pushed.kept > 0 {
                Output.remark("pgfob: \(pushed.kept) deleted here stay there: --deleted deletes them")
            }
            for line in pushed.stays { Output.remark("pgfob: \(line)") }
            complain(pushed.conflicts)
        }
        if !pushed.conflicts.isEmpty || !pushed.pulled.intake.problems.isEmpty { throw ProgramEnd(code: 1) }
    }

    private func pull(_ catalogue: TeamCatalogue, _ gate: Profile, _ options: SignerOptions) throws {
        let fields = try fields()
        var problems: [String] = []
        var foreseen: [CatalogueConflict]?
        if !offline {
            let pulled = try catalogue.pull(
                through: gate, user: user, isNamed: through != nil, isTrial: dryRun, options: options)
            problems = pulled.intake.problems
            if dryRun { foreseen = pulled.conflicts }
            tell(pulled)
            if !json {
                Output.print(
                    "\(dryRun ? "would pull" : "pulled") \(pulled.hasChanged ? pulled.intake.counts : "nothing new")"
                )
            }
        }
        if mine || theirs, !dryRun {
            let done = try catalogue.decide(
                mine ? .mine : .theirs, names: names.isEmpty ? nil : names, fields: fields
            ).conflicts
            if !json {
                Output.print("decided \(done.count) for \(mine ? "mine: push sends it" : "theirs")")
            }
        } else if Output.canAsk, !yes, !dryRun, !json {
            try CatalogueDialogue(catalogue: catalogue).run()
        }
        let left = try foreseen ?? catalogue.conflicts()
        if json {
            for conflict in left { Output.print(conflict.json.text) }
            if !left.isEmpty { Output.complain(Self.words(inConflict: left.count)) }
        } else {
            complain(left)
        }
        if !left.isEmpty || !problems.isEmpty { throw ProgramEnd(code: 1) }
    }

    /// More than a screen of profiles is counted.
    private static let shown = 20

    private func tell(_ pulled: TeamCatalogue.Pulled) {
        let intake = pulled.intake
        if json {
            for object in intake.json(approved: { _ in true }) { Output.print(object.text) }
            for problem in intake.problems { Output.complain("left out: \(problem)") }
            return
        }
        for item in intake.items.prefix(Self.shown) {
            Output.print("  " + item.line)
            for line in item.changes + item.notes { Output.print("      " + line) }
        }
        if intake.items.count > Self.shown { Output.print("  and \(intake.items.count - Self.shown) more") }
        for note in intake.notes { Output.remark("pgfob: \(note)") }
        for problem in intake.problems { Output.complain("left out: \(problem)") }
    }

    private func complain(_ conflicts: [CatalogueConflict]) {
        guard !conflicts.isEmpty else { return }
        for conflict in conflicts {
            for line in conflict.lines { Output.complain("\(conflict.profile.name): \(line)") }
        }
        Output.complain(Self.words(inConflict: conflicts.count))
    }

    private static func words(inConflict count: Int) -> String {
        let many = count == 1 ? "1 profile is" : "\(count) profiles are"
        return "\(many) in conflict: pgfob catalogue pull --mine or --theirs, NAME... for some of them"
    }

    private func fields() throws(Refusal) -> Set<ProfileField>? {
        guard !field.isEmpty else { return nil }
        var fields: Set<ProfileField> = []
        for name in field {
            guard let known = ProfileField(rawValue: name), TeamFields.all.contains(known) else {
                throw Refusal(
                    .usage, "--field \"\(DialAddress.shown(name))\" is no shared field",
                    do: "one of \(TeamFields.all.map(\.rawValue).joined(separator: ", "))")
            }
            fields.insert(known)
        }
        return fields
    }
}

/// Asks about each field that both sides have changed.
struct CatalogueDialogue {
    let catalogue: TeamCatalogue

    func run() throws {
        for conflict in try catalogue.conflicts() {
            let name = conflict.profile.name
            if conflict.link.deletion != nil {
                Output.remark("\(name): \(conflict.lines.joined())")
                guard let side = side() else { continue }
                _ = try catalogue.decide(side, names: [name])
                continue
            }
            for (difference, line) in zip(conflict.differences, conflict.lines) {
                Output.remark("\(name): \(line), by \(conflict.author)")
                guard let side = side() else { continue }
                _ = try catalogue.decide(side, names: [name], fields: [difference.field])
            }
        }
    }

    /// Nil leaves it for later.
    private func side() -> TeamCatalogue.Side? {
        switch Prompt.line("[m]ine, [t]heirs or [l]ater? ")?.lowercased() {
        case "m", "mine": .mine
        case "t", "theirs": .theirs
        default: nil
        }
    }
}
