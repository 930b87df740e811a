import Profiles
import Screen

/// How the list is looked at: order, groups, columns, pins and marks.
extension Model {
    /// What the order of the list may depend on, as it is now.
    var facts: ListFacts {
        var facts = ListFacts(now: now, policies: options.policies, tokens: tokens)
        if options.policies.asksForAccount { facts.accounts = outlooks.compactMapValues(\.account) }
        for (profile, run) in latestRuns {
            guard let report = runs[run]?.report, report.outcome != .cancelled else { continue }
            facts.tests[profile] = report.summary
        }
        return facts
    }

    /// The profile as it is opened and shown: what it leaves open is filled in from the settings.
    func effective(_ profile: Profile) -> Profile {
        options.policies.effective(profile, account: outlooks[profile.awsProfile ?? ""]?.account)
    }

    /// Takes the settings anew. What the user has chosen by keys meanwhile stays, unless the settings changed it.
    mutating func take(_ options: ScreenOptions) {
        let grouping = options.grouping == self.options.grouping ? list.grouping : options.grouping
        let order = options.order == self.options.order ? list.order : options.order
        self.options = options
        list.arrange(by: grouping, order, facts)
    }

    /// What is wrong with the settings: all of it can be read, and goes once it is mended.
    mutating func take(complaints new: [String]) {
        let wasWrong = !complaints.isEmpty
        complaints = new
        if !new.isEmpty {
            say(complaintLine, .trouble)
        } else if wasWrong {
            say("the settings are right again", .ok)
        }
    }

    private var complaintLine: String {
        guard complaints.count > 1, let first = complaints.first else { return complaints.first ?? "" }
        return "\(complaints.count) things are wrong with the settings, :settings lists them. \(first)"
    }

    /// `:settings`: what is wrong with them.
    mutating func showComplaints() {
        guard !complaints.isEmpty else { return say("nothing is wrong with the settings", .ok) }
        layers.append(
            .text(
                TextState(
                    title: "Wrong with the settings", name: "what is wrong with the settings",
                    text: complaints.joined(separator: "\n\n"))))
        status = nil
    }

    mutating func sort(by column: SortOrder.Column, reversed: Bool = false) {
        list.arrange(by: list.grouping, SortOrder(column, isReversed: reversed), facts)
        say("sorted by \(column.rawValue)\(reversed ? ", reversed" : "")")
    }

    /// `s`: the next column.
    mutating func sortByNext() { sort(by: Self.next(list.order.column)) }

    mutating func reverseSort() { sort(by: list.order.column, reversed: !list.order.isReversed) }

    mutating func group(by grouping: Grouping) {
        list.arrange(by: grouping, list.order, facts)
        say(grouping == .none ? "without groups" : "grouped by \(grouping.rawValue)")
    }

    mutating func groupByNext() { group(by: Self.next(list.grouping)) }

    /// `|`: the next choice of columns.
    mutating func nextColumns() {
        columns = Self.next(columns)
        say("columns: \(columns.rawValue)")
    }

    private static func next<Choice: CaseIterable & Equatable>(_ choice: Choice) -> Choice {
        let all = Array(Choice.allCases)
        let at = all.firstIndex(of: choice) ?? 0
        return all[(at + 1) % all.count]
    }

    // MARK: Pins and marks

    /// What an action on several is done with: the marked ones that the filter lets through, else the selected one.
    var targets: [SavedProfile] {
        let marked = list.markedProfiles
        return marked.isEmpty ? list.selected.map { [$0] } ?? [] : marked
    }

    /// `3 profiles`, or the one's name.
    func words(for profiles: [SavedProfile]) -> String {
        profiles.count == 1 ? label(profiles[0].profile) : "\(profiles.count) profiles"
    }

    /// `p`: pins what is not pinned; where all are, lets them go.
    mutating func togglePins() -> [Effect] {
        let pins = !targets.allSatisfy(\.profile.pinned)
        return change(pins ? "pinned" : "unpinned") { $0.pinned = pins }
    }

    mutating func toggleMark() {
        list.toggleMark()
        list.move(by: 1)
        sayMarks()
    }

    mutating func toggleAllMarks() {
        list.toggleAllMarks()
        sayMarks()
    }

    private mutating func sayMarks() {
        let count = list.markedProfiles.count
        let keys = [Action.testShown, .delete, .pin].map(keyName).filter { !$0.isEmpty }.joined(
            separator: " ")
        say(
            count == 0
                ? "nothing is marked"
                : "\(count) marked: \(keys) and \(keyName(.palette)) commands are for all of them, Esc clears"
        )
        sayHiddenMarks()
    }

    /// Marks that the filter hides are kept, and told.
    mutating func sayHiddenMarks() {
        let hidden = list.hiddenMarks
        guard hidden > 0 else { return }
        let shown = list.markedProfiles.count
        say(
            (shown == 0 ? "" : "\(shown) marked; ")
                + "\(hidden) marked that the filter hides \(hidden == 1 ? "is" : "are") left alone until shown"
        )
    }

    /// Changes every target in one transaction, as one change to undo.
    ///
    /// - Parameter words: what was done, as in `tagged pci`; the profiles' words follow.
    mutating func change(_ words: String, _ change: (inout Profile) -> Void) -> [Effect] {
        var (new, old): ([Profile], [Profile]) = ([], [])
        for saved in targets {
            var profile = saved.profile
            change(&profile)
            guard profile != saved.profile else { continue }
            new.append(profile)
            old.append(saved.profile)
        }
        guard let first = new.first else {
            say("nothing to change: \(words) already")
            return []
        }
        let name = new.count == 1 ? label(first) : "\(new.count) profiles"
        return write(
            UndoStack.Change(
                words: "\(words) \(name)", make: .updateAll(new, from: old),
                takeBack: .updateAll(old, from: new),
                profile: first.id), from: .list)
    }

    /// `d`: to the trash with all targets, as one change. A proxy whose profile is not in the list could not be stopped.
    mutating func delete() -> [Effect] {
        let doomed = targets
        guard let first = doomed.first else { return [] }
        let ids = doomed.map(\.id)
        list.unmark(ids)
        return doomed.flatMap { doomed -> [Effect] in
            switch proxies[doomed.id] {
            case .up: [.stopProxy(doomed.profile)]
            case .opening: cancelProxy(doomed.id)
            case .ended, .failed, nil: []
            }
        }
            + write(
                UndoStack.Change(
                    words: "deleted \(words(for: doomed))", make: .trash(ids), takeBack: .restore(ids),
                    profile: first.id),
                from: .list)
    }
}
