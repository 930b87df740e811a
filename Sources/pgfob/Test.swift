import ArgumentParser
import EventLoop
import Operations
import Profiles

/// `pgfob test`: stage by stage, one profile or many.
struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Test connections, stage by stage.",
        discussion: "Ends with 0 if all are ok, 1 if one failed or was not found, 130 if interrupted.")

    @Argument(help: "Which profiles.") var names: [String] = []
    @Flag(help: "Every profile.") var all = false
    @Option(help: "Those of a group.") var group: String?
    @Option(help: "Those with a tag.") var tag: String?
    @Option(help: "How many at once.") var jobs = 32
    @Option(help: ArgumentHelp("Seconds that one attempt may take.", valueName: "seconds")) var timeout = 10.0
    @Flag(help: "One JSON object a line, in the order of the list.") var json = false
    @Flag(help: "All stages of every profile.") var report = false
    @OptionGroup var globals: GlobalOptions

    func validate() throws {
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
    }

    func run() throws {
        let session = try Session.open()
        let verbs = try session.verbs()
        let profiles = try chosen(verbs.book)
        guard !profiles.isEmpty else {
            throw Refusal(.failed, "no profile matches", do: "`pgfob list` shows them all")
        }
        let single = profiles.count == 1 || report
        let batch = TestBatch(
            verbs: verbs, jobs: jobs, timeout: .seconds(timeout), askCode: session.signerOptions().askCode,
            askTunnel: session.signerOptions().askTunnel)
        let ending = batch.run(profiles) { report in
            if json {
                Output.print(report.jsonLine)
            } else if single {
                Output.print(report.lines.joined(separator: "\n"))
            } else {
                Output.print(report.headline)
            }
        }
        switch ending {
        case .passed: return
        case .failed: throw ProgramEnd(code: 1)
        case .interrupted: throw ProgramEnd(code: 130)
        }
    }

    private func chosen(_ book: ProfileBook) throws(Refusal) -> [Profile] {
        if !names.isEmpty {
            var profiles: [Profile] = []
            for name in names { profiles.append(try book.named(name).profile) }
            return profiles
        }
        return try book.live().map(\.profile).filter { profile in
            if let group { return profile.group.map { Profile.fold($0) == Profile.fold(group) } ?? false }
            if let tag { return profile.tags.contains { Profile.fold($0) == Profile.fold(tag) } }
            return true
        }
    }
}
