import Diagnosis
import Profiles
import Screen

/// Draws the stages of a test, as they come in.
enum TestView {
    static func draw(_ run: TestRun, on grid: inout Grid, _ model: Model, theme: Theme) {
        let width = min(118, grid.size.columns - 2)
        let room = width - 6
        let verdict = verdict(
            run, room: room, rows: grid.size.rows - 5 - (run.report?.outcome == .failed ? 4 : 8))
        let below = verdict.isEmpty ? 0 : verdict.count + 1
        let stages = shownStages(run, room: grid.size.rows - 4 - below).map { stage in
            StageLines(stage, run, width: room - Self.detailColumn, isWrapped: run.report != nil)
        }
        let free = grid.size.rows - 4 - below
        let wraps = stages.reduce(0) { $0 + $1.lines.count } <= free
        let height = wraps ? stages.reduce(0) { $0 + $1.lines.count } : stages.count
        let rows = min(grid.size.rows - 2, height + 2 + below)
        let rect = Rect.centred(Size(columns: width, rows: rows), in: grid.size)
        let border: Role = run.report?.outcome == .failed ? .failure : .border
        grid.box(
            rect, title: title(run, model, width: width), footer: FooterView.edge(model, .test),
            style: theme[border],
            titleStyle: theme[border])
        let left = rect.origin.column + 3
        var row = rect.origin.row + 1
        for stage in stages {
            row += drawStage(stage, wraps: wraps, run, on: &grid, left, row, theme)
        }
        row += 1
        for line in verdict where row < rect.last.row {
            var column = left
            for segment in line {
                let taken = column - left
                column += grid.put(
                    segment.text, column: column, row: row, style: theme[segment.role], width: room - taken)
            }
            row += 1
        }
    }

    /// All eight, unless what it means would find no room: then the failed one and what came just before it.
    private static func shownStages(_ run: TestRun, room: Int) -> ArraySlice<Stage> {
        let all = Stage.allCases
        guard room < all.count, let failed = run.report?.failedStage else { return all[...] }
        let end = failed.number
        return all[max(0, end - max(1, room))..<end]
    }

    private static func title(_ run: TestRun, _ model: Model, width: Int) -> String {
        let name = DisplayText.elided(DisplayText.sanitised(run.profile.name), to: max(10, width - 50))
        let environment = run.profile.environment.map { " [\(DisplayText.sanitised($0.badge))]" } ?? ""
        return "Test: \(name)\(environment)\(run.isDraft ? " as typed" : "")   \(state(run, model))"
    }

    private static func state(_ run: TestRun, _ model: Model) -> String {
        guard let report = run.report else {
            let elapsed = TimeText.seconds(model.now) - TimeText.seconds(run.startedAt)
            return "\(run.isCancelling ? "cancelling" : "running"), \(max(0, elapsed)) s"
        }
        let took = TimeText.wideMilliseconds(report.milliseconds)
        switch report.outcome {
        case .ok: return "ok, \(took)"
        case .cancelled: return "cancelled, \(took)"
        case .failed:
            let number = report.failedStage.map { " at \($0.number) of \(Stage.allCases.count)" } ?? ""
            return "FAILED\(number), \(took)"
        }
    }

    // MARK: The stages

    /// Where a stage's detail begins.
    private static let detailColumn = 25

    /// A stage and its detail, in as many lines as it takes.
    private struct StageLines {
        let stage: Stage
        let word: String
        let role: Role
        let lines: [String]
        /// The detail on one line, cut where it is too long.
        let short: String

        /// - Parameter isWrapped: a test that is running must not make the box jump.
        init(_ stage: Stage, _ run: TestRun, width: Int, isWrapped: Bool) {
            self.stage = stage
            let detail: String
            (word, role, detail) = TestView.outcome(stage, run)
            let text = DisplayText.sanitised(detail)
            short = DisplayText.truncated(text, to: max(0, width))
            let wrapped = isWrapped ? TextLines.wrapped(text, width: width, limit: 3) : []
            lines = wrapped.isEmpty ? [short] : wrapped
        }
    }

    /// - Returns: how many rows it took.
    private static func drawStage(
        _ lines: StageLines, wraps: Bool, _ run: TestRun, on grid: inout Grid, _ left: Int, _ row: Int,
        _ theme: Theme
    ) -> Int {
        let stage = lines.stage
        let head = DisplayText.padded("\(stage.number) \(stage.rawValue)", to: 11)
        grid.put(head, column: left, row: row, style: theme[.text])
        grid.put(lines.word, column: left + 11, row: row, style: theme[lines.role])
        if let taken = run.result(of: stage)?.milliseconds {
            let text = DisplayText.padded(TimeText.wideMilliseconds(taken), to: 8, right: true)
            grid.put(text, column: left + 15, row: row, style: theme[.text])
        }
        let shown = wraps ? lines.lines : [lines.short]
        for (offset, text) in shown.enumerated() {
            grid.put(
                text, column: left + detailColumn, row: row + offset,
                style: theme[lines.role == .muted ? .muted : .text])
        }
        return shown.count
    }

    fileprivate static func outcome(_ stage: Stage, _ run: TestRun) -> (
        word: String, role: Role, detail: String
    ) {
        guard let result = run.result(of: stage) else {
            guard run.isRunning else { return ("-", .muted, "not reached") }
            return run.current == stage ? ("..", .text, "") : ("", .muted, "")
        }
        switch result.outcome {
        case .ok: return ("ok", .ok, result.detail)
        case .failed: return ("FAIL", .failure, result.detail)
        case .skipped: return ("-", .muted, result.detail)
        }
    }

    // MARK: What it means

    /// A part of the verdict; where not all find room, those of the highest rank go first.
    private struct Part {
        var lines: [[Segment]]
        var rank: Int
    }

    private static func verdict(_ run: TestRun, room: Int, rows: Int) -> [[Segment]] {
        guard let report = run.report else { return [] }
        var parts: [Part] = []
        explain(report) { label, text, limit, rank in
            let wrapped = TextLines.wrapped(DisplayText.sanitised(text), width: room - 15, limit: limit)
            let lines = wrapped.enumerated().map { number, line in
                [Segment(DisplayText.padded(number == 0 ? label : "", to: 15), .title), Segment(line)]
            }
            parts.append(Part(lines: lines, rank: rank))
        }
        while parts.reduce(0, { $0 + $1.lines.count }) > rows, let least = parts.map(\.rank).max(), least > 0
        {
            parts.removeAll { $0.rank == least }
        }
        return parts.flatMap(\.lines)
    }

    private static func explain(
        _ report: TestReport, _ add: (_ label: String, _ text: String, _ limit: Int, _ rank: Int) -> Void
    ) {
        if let server = report.server {
            let access = server.readOnly ? ", read-only" : ""
            let aurora = server.auroraVersion.map { ", Aurora \($0)" } ?? ""
            add(
                "Server",
                "PostgreSQL \(server.version)\(aurora), \(server.role.rawValue)\(access), "
                    + "logged in as \(server.currentUser)", 2, 0)
            if !server.cluster.isEmpty { add("Cluster", server.clusterWords, 3, 1) }
            if let skew = server.clockSkewSeconds, skew.isFinite, abs(skew) >= 30 {
                add("Clock", "the server's differs by \(TimeText.roughDuration(abs(skew)))", 1, 0)
            }
        }
        guard report.outcome == .failed else { return }
        if let cause = report.causes.first {
            add("Likely cause", cause.text, 2, 0)
            add("Do this", cause.fix, 2, 0)
            if !cause.check.isEmpty { add("To be sure", cause.check, 2, 3) }
        }
        let others = report.causes.dropFirst().map(\.text)
        if !others.isEmpty { add("Or", others.joined(separator: "; or "), 2, 4) }
        if !report.ruledOut.isEmpty { add("Ruled out", report.ruledOutText, 2, 2) }
        if let message = report.message, !message.isEmpty {
            let state = report.sqlstate.map { " (SQLSTATE \($0))" } ?? ""
            add("libpq said", message + state, 3, 1)
        }
    }
}
