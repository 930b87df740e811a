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
            Output.remark("nothing was saved")
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
        // That nothing of a file came in is worth a code; that AWS has nothing new is what one hopes for.
        let isDoubled = batch.isEmpty && intake.items.contains { $0.kind == .duplicate && $0.origin == nil }
        // Who was asked knows what they left out.
        let isPart = !isAsked && wanted.contains { !$0.toApprove.isEmpty && !isApproved($0) }
        return intake.problems.isEmpty && !isDoubled && !isPart ? 0 : 1
    }

    /// Of how many profiles it is said that what others would have to be asked about came in.
    private static let shownOwn = 20

    /// What is said on stderr where no preview is shown.
    private func tell(_ wanted: [Intake.Item]) {
        for item in intake.items {
            for note in item.notes where item.origin == nil {
                Output.remark("pgfob: \(item.profile.name): \(note)")
            }
            guard item.kind == .duplicate, item.origin == nil, let old = item.old else { continue }
            Output.remark("pgfob: \(item.profile.name): exists as \(old.name), left as it is")
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
            return Self.isYes(Prompt.line("Save \(count)? [y/N] "))
        }
        let answer = Prompt.line("Save \(count)? y without what is marked !, a with it [y/a/N] ")?
            .lowercased()
        approves = answer == "a"
        return approves || Self.isYes(answer)
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

    private static func isYes(_ answer: String?) -> Bool { ["y", "yes"].contains(answer?.lowercased()) }
}
