import Diagnosis
import Profiles
import Screen

/// Draws the stages of a test, as they come in.
enum TestView {
    /// Where a stage's detail begins.
    private static let detailColumn = 25

    /// Texts of a line, each at its column.
    private typealias Line = [(column: Int, segment: Segment)]

    static func draw(_ run: TestRun, on grid: inout Grid, _ model: Model, theme: Theme) {
        let (lines, _) = lines(run, model, in: grid.size)
        let (top, last) = scroll(run, model, in: grid.size)
        let rows = min(lines.count, room(in: grid.size))
        let rect = Rect.centred(Size(columns: columns(in: grid.size), rows: rows + 2), in: grid.size)
        let border: Role = run.report?.outcome == .failed ? .failure : .border
        let scrolls = last > 0 ? [EdgeKey("j k scroll", .down)] : []
        grid.dialog(
            rect, title: title(run, model, width: rect.size.columns),
            keys: FooterView.edge(model, .test) + scrolls, style: theme[border], titleStyle: theme[border])
        for (offset, line) in lines.dropFirst(top).prefix(rows).enumerated() {
            for (column, segment) in line {
                grid.put(
                    segment.text, column: rect.origin.column + 3 + column, row: rect.origin.row + 1 + offset,
                    style: theme[segment.role], width: rect.size.columns - 6 - column)
            }
        }
        grid.scrollMarks(rect, above: top > 0, below: top < last, style: theme[.key])
    }

    /// Lines that find room.
    static func room(in size: Size) -> Int { max(1, size.rows - 4) }

    /// How many lines are scrolled past, and how many can be: before anybody scrolls, as many as must be for what a
    /// failure means to be seen.
    static func scroll(_ run: TestRun, _ model: Model, in size: Size) -> (top: Int, last: Int) {
        let (lines, failed) = lines(run, model, in: size)
        let last = max(0, lines.count - room(in: size))
        return (min(run.top ?? failed ?? 0, last), last)
    }

    private static func columns(in size: Size) -> Int { min(118, size.columns - 2) }

    /// All that is to be said, and at which line the failed stage stands.
    private static func lines(_ run: TestRun, _ model: Model, in size: Size) -> (lines: [Line], failed: Int?)
    {
        let width = columns(in: size) - 6
        let verdict = verdict(run, model, width: width)
        var whole = stages(run, Stage.allCases[...], width: width)
        let failed = run.report?.failedStage
        let below = verdict.isEmpty ? [] : [[]] + verdict
        // What was not reached says nothing: it goes first where not all finds room.
        if let failed, whole.count + below.count > room(in: size) {
            whole = stages(run, Stage.allCases.prefix(failed.number), width: width)
        }
        let before = failed.map { stages(run, Stage.allCases.prefix($0.number - 1), width: width).count }
        return (whole + below, before)
    }

    private static func title(_ run: TestRun, _ model: Model, width: Int) -> String {
        let environment = run.profile.environment.map { " [\(DisplayText.sanitised($0.badge))]" } ?? ""
        let badge = environment + (run.isDraft ? " as typed" : "")
        let states = states(run, model)
        let name = DisplayText.sanitised(run.profile.name)
        func title(_ state: String) -> (text: String, room: Int) {
            // The frame's corners and the blanks round the title.
            let room = width - 6 - DisplayText.width("Test: \(badge)   \(state)")
            return ("Test: \(DisplayText.elided(name, to: max(10, room)))\(badge)   \(state)", room)
        }
        let titles = states.map(title)
        return (titles.first { $0.room >= 10 } ?? titles[titles.count - 1]).text
    }

    /// How it ended, in as many words as there is room for.
    private static func states(_ run: TestRun, _ model: Model) -> [String] {
        guard let report = run.report else {
            if run.isRecalled { return ["reading"] }
            let elapsed = TimeText.seconds(model.now) - TimeText.seconds(run.startedAt)
            return ["\(run.isCancelling ? "cancelling" : "running"), \(max(0, elapsed)) s"]
        }
        let took = TimeText.wideMilliseconds(report.milliseconds)
        let number = report.failedStage.map { " at \($0.number)" } ?? ""
        let of = report.failedStage == nil ? "" : " of \(Stage.allCases.count)"
        let word =
            switch report.outcome {
            case .ok: "ok"
            case .cancelled: "cancelled"
            case .failed: "FAILED\(number)"
            }
        guard run.isLookedBackOn else { return ["\(word)\(of), \(took)"] }
        let moment = model.clock.moment(report.testedAt, now: model.now)
        return ["\(word)\(of), \(took), tested \(moment)", "\(word)\(of), \(moment)", "\(word), \(moment)"]
    }

    // MARK: The stages

    private static func stages(_ run: TestRun, _ stages: ArraySlice<Stage>, width: Int) -> [Line] {
        stages.flatMap { stage -> [Line] in
            let (word, role, detail) = outcome(stage, run)
            let said = DisplayText.sanitised(detail)
            let room = max(0, width - detailColumn)
            // A test that is running must not make the box jump.
            let wrapped = run.report == nil ? [] : TextLines.wrapped(said, width: room, limit: 5)
            let texts = wrapped.isEmpty ? [DisplayText.truncated(said, to: room)] : wrapped
            return texts.enumerated().map { number, text in
                let segment = Segment(text, role == .muted ? .muted : .text)
                guard number == 0 else { return [(detailColumn, segment)] }
                let taken = run.result(of: stage)?.milliseconds.map {
                    DisplayText.padded(TimeText.wideMilliseconds($0), to: 8, right: true)
                }
                return [
                    (0, Segment("\(stage.number) \(stage.rawValue)")), (11, Segment(word, role)),
                    (15, Segment(taken ?? "")), (detailColumn, segment),
                ]
            }
        }
    }

    private static func outcome(_ stage: Stage, _ run: TestRun) -> (
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

    private static func verdict(_ run: TestRun, _ model: Model, width: Int) -> [Line] {
        guard let report = run.report else { return [] }
        var lines: [Line] = []
        func add(_ label: String, _ text: String) {
            let wrapped = TextLines.wrapped(DisplayText.sanitised(text), width: width - 15, limit: 20)
            for (number, line) in wrapped.enumerated() {
                lines.append([(0, Segment(number == 0 ? label : "", .title)), (15, Segment(line))])
            }
        }
        if model.wasChangedSince(run) {
            let key = model.options.keys.name(of: .testAgain, in: .test)
            add("Changed since", "the profile: \(key) tests it as it is now")
        }
        explain(report, add)
        return lines
    }

    private static func explain(
        _ report: TestReport, _ add: (_ label: String, _ text: String) -> Void
    ) {
        if let server = report.server {
            let access = server.readOnly ? ", read-only" : ""
            let aurora = server.auroraVersion.map { ", Aurora \($0)" } ?? ""
            add(
                "Server",
                "PostgreSQL \(server.version)\(aurora), \(server.role.rawValue)\(access), "
                    + "logged in as \(server.currentUser)")
            if !server.cluster.isEmpty { add("Cluster", server.clusterWords) }
            if let skew = server.clockSkewSeconds, skew.isFinite, abs(skew) >= 30 {
                add("Clock", "the server's differs by \(TimeText.roughDuration(abs(skew)))")
            }
        }
        guard report.outcome == .failed else { return }
        if let cause = report.causes.first {
            add("Likely cause", cause.text)
            add("Do this", cause.fix)
            if !cause.check.isEmpty { add("To be sure", cause.check) }
        }
        let others = report.causes.dropFirst().map(\.text)
        if !others.isEmpty { add("Or", others.joined(separator: "; or ")) }
        if !report.ruledOut.isEmpty { add("Ruled out", report.ruledOutText) }
        if let message = report.message, !message.isEmpty {
            let state = report.sqlstate.map { " (SQLSTATE \($0))" } ?? ""
            add(report.speaker, message + state)
        }
    }
}
