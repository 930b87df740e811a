import Operations
import Profiles

/// Shows what would come in, asks where somebody can be asked, and saves it.
struct IntakeDialogue {
    let intake: Intake
    /// What is said when it is done: `imported`.
    let verb: String
    let dryRun: Bool
    /// Whether what has to be approved is.
    let approve: Bool
    let asks: Bool
    let json: Bool
    /// Whether what is gone goes to the trash.
    var removesGone = false
    /// pgfob's own files come in as they were written where nobody can be asked, for scripts restore by them; but
    /// what would run a program waits for ``approve`` there too.
    var approvesOwn = false

    /// - Returns: the exit code: 1 where something could not come in whole, or nothing did.
    func run(_ book: ProfileBook) throws -> Int32 {
        let wanted = intake.items.filter { $0.isWanted || (removesGone && $0.kind == .gone) }
        let isAsked = asks && Output.canAsk && !dryRun && !wanted.isEmpty
        if json, !isAsked { for note in intake.notes { Output.remark("pgfob: \(note)") } }
        if json {
            // Told once it is known what comes in.
            if isAsked { Output.remark(intake.lines.joined(separator: "\n")) }
        } else if dryRun || isAsked {
            Output.print(intake.lines.joined(separator: "\n"))
        } else {
            tell(wanted)
        }
        var approves = approve
        if isAsked, !question(wanted, &approves) {
            Output.complain("nothing was saved: answer y, or give --yes")
            return 1
        }
        let isApproved = { [approves] (item: Intake.Item) in approves || approvesOwn && !item.runsProgram }
        let approved = wanted.indices.filter { isApproved(wanted[$0]) }
        let batch = ProfileBatch(wanted, approved: Set(approved), source: intake.source)
        if !dryRun { try book.write(batch) }
        if json {
            for object in intake.json(approved: isApproved) { Output.print(object.text) }
        }
        if !json {
            let words = batch.words(verb)
            Output.print(dryRun ? Self.planned(words) : words)
        }
        if !isAsked, !dryRun { warn(wanted.filter(isApproved)) }
        // That nothing of a file came in is worth a code, unless all of it is there as it would come in; that AWS has
        // nothing new is what one hopes for.
        let left = batch.isEmpty ? intake.items.filter(\.isLeftOut) : []
        // Who was asked knows what they left out.
        let parts = isAsked ? [] : wanted.filter { !$0.toApprove.isEmpty && !isApproved($0) }
        guard !intake.problems.isEmpty || !left.isEmpty || !parts.isEmpty else { return 0 }
        if json || dryRun || isAsked { tell(left: left, parts: parts) }
        return 1
    }

    /// Where a preview or JSON on stdout says the rest, stderr has why it ends with 1.
    private func tell(left: [Intake.Item], parts: [Intake.Item]) {
        let file = intake.file.map { "\($0): " } ?? ""
        for problem in intake.problems.prefix(Self.shownOwn) {
            Output.complain("\(file)left out: \(problem)")
        }
        let more = intake.problems.count - Self.shownOwn
        if more > 0 { Output.complain("\(file)and \(more) more left out") }
        for item in left.prefix(Self.shownOwn) { tell(doubled: item) }
        if left.count > Self.shownOwn {
            Output.remark("pgfob: and \(left.count - Self.shownOwn) more exist and are left as they are")
        }
        if !parts.isEmpty {
            let words = "\(parts.count) profile\(parts.count == 1 ? "" : "s")"
            Output.complain("part of \(words) waits for approval: --approve takes it over")
        }
    }

    private func tell(doubled item: Intake.Item) {
        guard item.kind == .duplicate, item.origin == nil, let old = item.old else { return }
        Output.remark("pgfob: \(item.profile.name): exists as \(old.name), left as it is")
    }

    /// Says of what came in unasked to whom its token goes now.
    private func warn(_ items: [Intake.Item]) {
        for item in items {
            guard let exposure = item.newExposure else { continue }
            Output.warn("\(item.profile.name): sslmode \(exposure)")
        }
    }

    /// Of how many profiles it is said that what others would have to be asked about came in.
    private static let shownOwn = 20

    /// What is said on stderr where no preview is shown.
    private func tell(_ wanted: [Intake.Item]) {
        for item in intake.items {
            for note in item.notes where item.origin == nil {
                Output.remark("pgfob: \(item.profile.name): \(note)")
            }
            tell(doubled: item)
        }
        for note in intake.notes { Output.remark("pgfob: \(note)") }
        let file = intake.file.map { "\($0): " } ?? ""
        for problem in intake.problems { Output.complain(file + problem) }
        let waiting = wanted.filter { !$0.toApprove.isEmpty && !(approvesOwn && !$0.runsProgram) }
        var silent = 0
        for (number, item) in wanted.filter({ !$0.toApprove.isEmpty && !approve }).enumerated() {
            let isOwn = approvesOwn && !item.runsProgram
            // A backup of thousands would bury what matters; what is left out is told of each.
            guard !isOwn || number < Self.shownOwn else {
                silent += 1
                continue
            }
            let words = item.toApprove.map(\.words).joined(separator: ", ")
            let what = isOwn ? "taken over as the file has it" : "left out, as nobody approved it"
            Output.remark("pgfob: \(item.profile.name): \(what): \(words)")
        }
        if silent > 0 { Output.remark("pgfob: and so in \(silent) more; --dry-run shows them") }
        if !waiting.isEmpty, !approve {
            Output.remark("pgfob: --dry-run shows it all, --approve takes it over")
        }
    }

    private func question(_ wanted: [Intake.Item], _ approves: inout Bool) -> Bool {
        let count = "\(wanted.count) profile\(wanted.count == 1 ? "" : "s")"
        let needsApproval = wanted.contains { !$0.toApprove.isEmpty }
        guard needsApproval, !approves else {
            return Prompt.isYes(Prompt.line("Save \(count)? [y/N] "))
        }
        let answer = Prompt.line("Save \(count)? y without what is marked !, a with it [y/a/N] ")?
            .lowercased()
        approves = answer == "a"
        return approves || Prompt.isYes(answer)
    }

    /// `would import 2 profiles, change 1`.
    static func planned(_ words: String) -> String {
        let pairs = [
            ("imported", "import"), ("added", "add"), ("changed", "change"), ("removed", "remove"),
            ("deleted", "delete"),
        ]
        guard pairs.contains(where: { words.contains($0.0) }) else { return words }
        return "would " + pairs.reduce(words) { $0.replacing($1.0, with: $1.1) }
    }
}
