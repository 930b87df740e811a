import Profiles
import Screen

/// SQL on the selected profile or the marked ones, with what it came to as a text.
extension Model {
    /// SQL that is running.
    struct Statements: Sendable {
        let id: RequestID
        let sql: String
        /// The profile's, where it is one.
        let name: String?
        let count: Int
        var done = 0
        var failed = 0
        var isCancelling = false
    }

    /// `:run SQL`.
    mutating func askRun(_ sql: String) -> [Effect] {
        guard statements == nil else {
            say("SQL is running: Esc cancels it")
            return []
        }
        let profiles = targets.map { effective($0.profile) }
        if let named = profiles.first(where: { $0.confirmation == .name }) {
            say("\(label(named)) asks for its name: `pgfob run` does")
            return []
        }
        let asking = profiles.filter { $0.confirmation != .none }
        let folded = list.foldedMarks.map { effective($0.profile) }.filter { $0.confirmation == .none }
        guard !asking.isEmpty || !folded.isEmpty else { return run(sql, profiles) }
        layers.append(
            .runQuestion(
                RunQuestionState(
                    task: .run(sql: sql, profiles), title: "Run SQL on \(Self.count(profiles.count))",
                    sql: sql,
                    reason: folded.isEmpty
                        ? "runs read-only, also on:"
                        : asking.isEmpty
                            ? "runs read-only, also on what folded groups hide:"
                            : "runs read-only, also on these and what folded groups hide:",
                    named: asking + folded)))
        return [.flushKeys]
    }

    /// Asks before something is done to marked profiles that folded groups hide; nil where there are none.
    ///
    /// - Parameter words: what is done, as in `Delete`.
    mutating func askFolded(_ words: String, _ task: RunQuestionState.Task) -> [Effect]? {
        let folded = list.foldedMarks
        guard !folded.isEmpty else { return nil }
        let (count, all) = (folded.count, targets.count)
        layers.append(
            .runQuestion(
                RunQuestionState(
                    task: task, title: "\(words) \(Self.count(all))",
                    reason: count == all
                        ? "all in folded groups:"
                        : "\(count) of them \(count == 1 ? "is" : "are") in folded groups:",
                    named: folded.map { effective($0.profile) })))
        return [.flushKeys]
    }

    private static func count(_ count: Int) -> String { "\(count) profile\(count == 1 ? "" : "s")" }

    mutating func runQuestionKey(_ action: Action?) -> [Effect] {
        guard case .runQuestion(let question) = layers.last else { return [] }
        switch action {
        case .back: layers.removeLast()
        case .runStatements:
            layers.removeLast()
            switch question.task {
            case .run(let sql, let profiles): return run(sql, profiles)
            case .action(.delete): return delete()
            case .action: return togglePins()
            case .command(let verb, let argument): return carryOut(verb, argument)
            }
        case .help: return openHelp()
        default: break
        }
        return []
    }

    private mutating func run(_ sql: String, _ profiles: [Profile]) -> [Effect] {
        let id = newRequest()
        statements = Statements(
            id: id, sql: sql, name: profiles.count == 1 ? label(profiles[0]) : nil, count: profiles.count)
        status = nil
        return [.run(id, sql, profiles)]
    }

    /// One of the profiles is done.
    mutating func ran(_ id: RequestID, failed: Bool) {
        guard statements?.id == id else { return }
        statements?.done += 1
        if failed { statements?.failed += 1 }
    }

    /// All of them are.
    mutating func ranAll(_ id: RequestID, _ text: String) {
        guard let ended = statements, ended.id == id else { return }
        statements = nil
        let passed = ended.count - ended.failed
        let counts = (passed > 0 ? "\(passed) ok, " : "") + "\(ended.failed) failed"
        let how = ended.isCancelling ? "cancelled" : ended.failed > 0 ? counts : "ok"
        say("SQL on \(Self.count(ended.count)): \(how)", ended.failed > 0 ? .trouble : .ok)
        guard !text.isEmpty else { return }
        // What was asked about is not so any more.
        layers.removeAll(where: \.isLeave)
        var shown = TextState(title: ended.sql, name: "the answers", text: text)
        shown.isTable = true
        waitingTexts.append(shown)
        if let told = status { sayWaiting(told.text, told.kind) }
    }

    /// Esc: what runs is stopped on the servers.
    mutating func cancelStatements() -> [Effect] {
        guard let running = statements, !running.isCancelling else { return [] }
        statements?.isCancelling = true
        status = nil
        return [.cancelRun(running.id)]
    }
}
