#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import ArgumentParser
import EventLoop
import Operations
import Profiles

/// `pgfob run`: SQL on many profiles at once.
struct Run: CheckedCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run SQL on many profiles at once.",
        discussion: """
            Every -c, and the file of -f as a whole, is sent as one query; backslash commands are psql's and not \
            known here. Answers come in the order of the profiles, errors and notices go to stderr with the \
            profile's name, and a profile stops at its first error. Transactions start read-only unless --write is given; \
            production asks. A password that a server wants is asked for on the terminal, once for each user and \
            server. ^C cancels on the servers too. Ends with 0 if all are ok, 1 if one failed or nobody reads its answer to the end, 3 if \
            every one lacked AWS credentials, 130 if interrupted.
            """)

    @Argument(help: "Which profiles.", completion: Completion.profiles) var names: [String] = []
    @Option(help: "Those of a group.", completion: Completion.groups) var group: String?
    @Option(help: "Those with a tag.", completion: Completion.tags) var tag: String?
    // SQL may begin with a comment.
    @Option(
        name: [.customShort("c"), .customLong("command")], parsing: .unconditionalSingleValue,
        help: "SQL; may be repeated.")
    var command: [String] = []
    @Option(
        name: [.customShort("f"), .customLong("file")], help: "A file of SQL, or - for stdin.",
        completion: .file())
    var file: String?
    @Flag(help: "Let it write.") var write = false
    @Flag(help: "Do not ask.") var yes = false
    @Option(help: "table, csv or json (one object a line).", completion: .list(["table", "csv", "json"]))
    var format = "table"
    @Option(parsing: .unconditional, help: "How many at once.") var jobs = 16
    @OptionGroup var settings: ChoiceOptions
    @OptionGroup var globals: GlobalOptions

    func check() throws {
        let chosen = [!names.isEmpty, group != nil, tag != nil].filter { $0 }.count
        guard chosen == 1 else {
            throw ValidationError(
                chosen == 0
                    ? "Name a profile, or give --group or --tag"
                    : "Names, --group and --tag exclude one another")
        }
        guard command.isEmpty != (file == nil) else { throw ValidationError("Give -c SQL or -f FILE") }
        guard (1...1000).contains(jobs) else { throw ValidationError("--jobs takes 1 to 1000") }
        guard ResultFormat(rawValue: format) != nil else {
            let known = ResultFormat.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw ValidationError(
                "The value '\(format)' is invalid for '--format <format>'. Please provide one of \(known)")
        }
    }

    func run() throws {
        let session = try Session.open()
        let verbs = try session.verbs()
        let choice = try settings.choice()
        let statements = try file.map { [try TextFile.read($0, verbs.home)] } ?? command
        let profiles = try chosen(verbs.book)
        guard !profiles.isEmpty else {
            throw Refusal(.failed, "no profile matches", do: "`pgfob list` shows them all")
        }
        try BatchConfirmation(profiles: profiles.map(verbs.mint.effective), writes: write, yes: yes).ask()
        verbs.audit.sweep()
        // Where a pager reads, the terminal is its own.
        let line = WaitingLine(Self.words(profiles, left: profiles), isWanted: !Output.isPipe)
        let batch = StatementBatch(
            preparer: verbs.preparer, audit: verbs.audit, jobs: jobs,
            format: ResultFormat(rawValue: format) ?? .table,
            choice: choice, asking: session.asking(line))
        defer { line.clear() }
        var (left, failed, withoutCredentials) = (profiles, 0, 0)
        let ending = try batch.run(
            statements, on: profiles, readOnly: !write,
            output: { text in line.aside { Output.pass(text) } },
            noticed: { profile, notice in line.aside { Output.complain("\(profile.name): \(notice)") } },
            ended: { end in
                left.removeAll { $0.id == end.profile.id }
                if end.end != .ok { failed += 1 }
                if case .failed(_, _, .credentials) = end.end { withoutCredentials += 1 }
                line.say(Self.words(profiles, left: left, failed: failed))
                line.aside { Self.tell(end) }
            }, looking: line.look)
        verbs.audit.settle()
        switch ending {
        case .passed: return
        case .failed:
            throw ProgramEnd(
                code: withoutCredentials == profiles.count ? Refusal.Kind.credentials.rawValue : 1)
        case .interrupted: throw ProgramEnd(code: 130)
        }
    }

    private static func tell(_ end: StatementBatch.End) {
        switch end.end {
        case .ok: break
        case .failed(let line, _, _): Output.complain("\(end.profile.name): \(line)")
        // That is how a pipe ends: nobody is left to tell.
        case .cancelled where Output.isOver: break
        case .cancelled: Output.complain("\(end.profile.name): cancelled")
        }
    }

    /// How far it is, and who keeps it waiting at last.
    private static func words(_ profiles: [Profile], left: [Profile], failed: Int = 0) -> String {
        if profiles.count == 1 { return "running on \(profiles[0].name)" }
        var words = "running on \(profiles.count) profiles: \(profiles.count - left.count) done"
        if failed > 0 { words += ", \(failed) failed" }
        if left.count <= 2 { words += ", left: \(left.map(\.name).joined(separator: ", "))" }
        return words
    }

    private func chosen(_ book: ProfileBook) throws(Refusal) -> [Profile] {
        if !names.isEmpty { return try book.profiles(named: names) }
        if let group { return try book.profiles(ofGroup: group) }
        return try tag.map { (tag) throws(Refusal) in try book.profiles(tagged: tag) } ?? []
    }
}

/// What is asked before statements run on several profiles, by their policies.
struct BatchConfirmation {
    let profiles: [Profile]
    let writes: Bool
    let yes: Bool

    /// - Throws: ``Refusal`` of kind `usage` without a terminal or a yes; ``ProgramEnd`` with 2 where the answer is no.
    func ask() throws {
        let asking = profiles.filter { $0.confirmation(writes: writes) != .none }
        guard !asking.isEmpty, !yes else { return }
        guard Output.canAsk else {
            throw Refusal(
                .usage,
                "\(Self.words(asking)) \(asking.count == 1 ? "asks before it opens" : "ask before they open"), and there is no terminal to ask on",
                do: "add --yes")
        }
        let named = asking.filter { $0.confirmation(writes: writes) == .name }
        for profile in named {
            let way = writes ? "read-write" : "read-only"
            guard Prompt.line("Run on \(profile.name) \(way)? Type its name: ") == profile.name else {
                throw refused("type its name")
            }
        }
        let others = asking.count - named.count
        guard others > 0 else { return }
        let answer = Prompt.line(
            "Run on \(Self.words(asking)) \(writes ? "read-write" : "read-only")? [y/N] ")
        guard Prompt.isYes(answer) else { throw refused("answer y") }
    }

    private static func words(_ profiles: [Profile]) -> String {
        let names = profiles.prefix(5).map { profile in
            (profile.environment.map { "[\($0.badge)] " } ?? "") + profile.name
        }
        let more = profiles.count > 5 ? " and \(profiles.count - 5) more" : ""
        return names.joined(separator: ", ") + more
    }

    private func refused(_ words: String) -> ProgramEnd {
        Output.complain("nothing was run: \(words), or give --yes")
        return ProgramEnd(code: 2)
    }
}
