import ArgumentParser
import Diagnosis
import EventLoop
import Operations
import Profiles

/// `pgfob test`: stage by stage, one profile or many.
struct Test: CheckedCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Test connections, stage by stage.",
        discussion: """
            A password that a server wants is asked for on the terminal, where there is one, and kept nowhere. \
            Ends with 0 if all are ok, 1 if one failed or was not found, 130 if interrupted. A cluster gets at most \
            \(LoginPacer.rate) new tokens a second, as RDS takes no more.
            """)

    @Argument(help: "Which profiles.", completion: Completion.profiles) var names: [String] = []
    @Flag(help: "Every profile.") var all = false
    @Option(help: "Those of a group.", completion: Completion.groups) var group: String?
    @Option(help: "Those with a tag.", completion: Completion.tags) var tag: String?
    @Option(parsing: .unconditional, help: "How many at once.") var jobs = 32
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Seconds that one attempt may take.", valueName: "seconds")) var timeout = 10.0
    @Flag(help: "One JSON object a line, in the order of the list.") var json = false
    @Option(help: ArgumentHelp("Write JUnit's XML there as well.", valueName: "file")) var junit: String?
    @Flag(help: "Everything that a ticket needs, and no secret.") var report = false
    @Flag(help: "Test nothing: tell what the last test found, whoever made it.") var last = false
    @OptionGroup var globals: GlobalOptions

    func check() throws {
        let chosen = [!names.isEmpty, all, group != nil, tag != nil].filter { $0 }.count
        guard chosen == 1 else {
            throw ValidationError(
                chosen == 0
                    ? "Name a profile, or give --all, --group or --tag"
                    : "Names, --all, --group and --tag exclude one another")
        }
        guard (1...1000).contains(jobs) else { throw ValidationError("--jobs takes 1 to 1000") }
        guard timeout.isFinite, timeout >= 0.1, timeout <= 3600 else {
            throw ValidationError("--timeout takes 0.1 to 3600 seconds")
        }
        guard junit != "-" else { throw ValidationError("--junit takes a file: stdout has the results") }
        guard junit?.isEmpty != true else { throw ValidationError("--junit has no path") }
        guard !(last && junit != nil) else { throw ValidationError("--last and --junit exclude one another") }
        guard !(json && report) else { throw ValidationError("--json and --report exclude one another") }
    }

    func run() throws {
        do { try test() } catch let refusal as Refusal {
            // design/cli.md: 0, 1, 2 or 130, whatever the cause.
            Output.complain(refusal)
            throw ProgramEnd(code: refusal.kind == .usage ? 2 : 1)
        }
    }

    private func test() throws {
        let session = try Session.open()
        let verbs = try session.verbs()
        let profiles = try chosen(verbs.book)
        guard !profiles.isEmpty else {
            throw Refusal(.failed, "there are no profiles yet", do: "`pgfob add` makes one")
        }
        if last { return try tellLast(profiles, verbs.book) }
        let waiting = WaitingLine("testing \(profiles[0].name)", isWanted: profiles.count == 1)
        var batch = TestBatch(
            verbs: verbs, jobs: jobs, timeout: .seconds(timeout), asking: session.asking(waiting))
        if profiles.count == 1 {
            batch.began = { [name = profiles[0].name] in
                waiting.say("testing \(name): \($0.number)/\(Stage.allCases.count) \($0.rawValue)")
            }
            batch.looking = waiting.look
        }
        defer { waiting.clear() }
        if let junit { try ReplacedFile.check(junit) }
        let line = ProgressLine(isShown: profiles.count > 1)
        batch.progressed = { line.show($0) }
        batch.output = 1
        var reports: [TestReport] = []
        var (isFirst, failed, made) = (true, 0, 0)
        let ending = try batch.run(profiles) { result in
            made += 1
            if result.outcome == .failed { failed += 1 }
            if junit != nil { reports.append(result) }
            line.clear()
            waiting.clear()
            // Tickets are several lines each.
            let gap = report && !isFirst ? "\n" : ""
            isFirst = false
            return Output.print(gap + text(of: result, isSingle: profiles.count == 1))
        }
        line.clear()
        if let junit { try ReplacedFile.write(JUnitReport.text(reports), to: junit) }
        switch ending {
        case .passed: return
        case .failed:
            // Who reads both has seen it; where stdout takes no more, the others were given up.
            let isWhole = made == profiles.count && !Output.isOver
            if isWhole, !(Output.isTerminal && Output.errorsAreTerminal) {
                Output.complain(
                    "\(failed) of \(profiles.count) failed: why stands on stdout, `--report` says all of it")
            }
            throw ProgramEnd(code: 1)
        case .interrupted: throw ProgramEnd(code: 130)
        }
    }

    /// What was kept of the last tests, in the order of the profiles; ends as the tests would.
    private func tellLast(_ profiles: [Profile], _ book: ProfileBook) throws {
        var (isFirst, isGood) = (true, true)
        for profile in profiles {
            guard let kept = try book.lastReport(of: profile.id) else {
                Output.complain("nothing was kept of a test of \(profile.name): `pgfob test` tests")
                isGood = false
                continue
            }
            if kept.outcome != .ok { isGood = false }
            let gap = report && !isFirst ? "\n" : ""
            isFirst = false
            let when = json || report ? "" : "tested at \(Timestamp.rfc3339(kept.testedAt))  "
            guard Output.print(gap + when + text(of: kept, isSingle: profiles.count == 1)) else { break }
        }
        guard isGood else { throw ProgramEnd(code: 1) }
    }

    private func text(of result: TestReport, isSingle: Bool) -> String {
        if json { return result.jsonLine }
        if report { return result.ticket(program: "pgfob \(Version.text)") }
        return isSingle ? result.lines.joined(separator: "\n") : result.headline
    }

    private func chosen(_ book: ProfileBook) throws(Refusal) -> [Profile] {
        if !names.isEmpty { return try book.profiles(named: names) }
        if let group { return try book.profiles(ofGroup: group) }
        if let tag { return try book.profiles(tagged: tag) }
        return try book.live().map(\.profile)
    }
}
