#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Screen

extension Model {
    /// Why an action does nothing now; nil where it works. Dispatch, footer and help all ask here.
    func obstacle(_ action: Action) -> String? {
        if case .intake? = layers.last { return intakeObstacle(action) }
        if isOpeningTyped, context == .form, !Self.worksMeanwhile.contains(action) {
            return "psql is being opened"
        }
        if let obstacle = launchObstacle(action) { return obstacle }
        switch action {
        case .openWindow, .openSplit: return windowObstacle
        case .test, .edit, .duplicate, .copy, .openWith: return list.selected == nil ? noSelection : nil
        case .delete, .pin: return targets.isEmpty ? noSelection : nil
        case .mark: return list.selectedRow == nil ? noSelection : nil
        case .markAll, .testShown: return list.rows.isEmpty ? noSelection : nil
        case .writer: return endpointObstacle(.writer)
        case .reader: return endpointObstacle(.reader)
        case .sibling: return siblingObstacle
        case .copyHost: return copyHostObstacle
        case .copyToken: return copyTokenObstacle
        case .open:
            return list.selected == nil && list.selectedRow == nil ? noSelection : nil
        case .stages:
            guard let saved = list.selected else { return noSelection }
            let isTested = saved.lastTest != nil || run(of: saved.id) != nil
            return isTested ? nil : "not tested yet: \(keyName(.test)) tests"
        case .mint:
            guard let saved = list.selected else { return noSelection }
            return saved.profile.auth == .iam ? nil : "\(saved.profile.auth.rawValue) logs in without a token"
        case .login: return loginObstacle
        case .tunnel: return tunnelObstacle
        case .policy: return policyObstacle
        case .sendCode: return isTold ? "there is nothing to answer" : nil
        case .skipQuestions: return skipObstacle
        case .askAWS: return askObstacle
        case .sort, .sortReverse, .groupBy: return list.saved.isEmpty && hasLoaded ? noSelection : nil
        case .undo: return undo.canUndo ? nil : "nothing to undo"
        case .redo: return undo.canRedo ? nil : "nothing to redo"
        case .fold, .foldAll:
            if list.grouping == .none { return "there are no groups: \(keyName(.groupBy)) makes some" }
            return list.isFiltering ? "groups stay open while a filter is on" : nil
        case .back:
            let hasNothing =
                list.filter.isEmpty && list.marked.isEmpty && work == nil
            return context == .list && hasNothing ? "nothing to go back from: \(keyName(.quit)) quits" : nil
        case .testAgain, .editTested, .leaveTest, .copyReport: return testObstacle(action)
        case .applyFix: return testObstacle(action) ?? remedyObstacle
        case .openReadOnly, .snooze: return confirmObstacle(action)
        default: return nil
        }
    }

    /// What the form's keys do while psql is being opened from it.
    private static let worksMeanwhile: Set<Action> = [.cancelForm, .help, .redraw, .suspend, .quit]

    /// How the list's key of an action is written.
    func keyName(_ action: Action) -> String { options.keys.name(of: action, in: .list) }

    private func testObstacle(_ action: Action) -> String? {
        guard let run = shownRun else { return nil }
        if action == .leaveTest {
            return run.isRunning && run.isDraft ? "the form waits for it: Esc cancels" : nil
        }
        if run.isRunning {
            return run.isRecalled
                ? "the test is still being read" : "the test is still running: Esc cancels it"
        }
        return action == .editTested && run.isDraft ? "the form is under it: Esc goes back" : nil
    }

    /// The word of a binding in the footer, where it depends on what is shown.
    func word(_ binding: Binding) -> String {
        let word = binding.footer ?? ""
        // As wide as psql, so that the keys behind it stay where they are.
        if binding.action == .open, context == .list, case .group = list.selection { return "open" }
        if binding.action == .applyFix { return shownRemedy?.words ?? word }
        if binding.action == .back, isTold { return "close" }
        if binding.action == .back, asksInBatch { return "skip" }
        if binding.action == .runStatements, case .runQuestion(let question) = layers.last {
            return question.yes
        }
        if binding.action == .openReadOnly, case .confirm(let confirm) = layers.last, confirm.keyOpensReadOnly
        {
            return "open read-only"
        }
        guard let run = shownRun, run.isRunning, !run.isRecalled else { return word }
        switch binding.action {
        case .leaveTest: return "list, it goes on"
        case .back: return run.isCancelling ? "close" : "cancel"
        default: return word
        }
    }

    var noSelection: String {
        if list.saved.isEmpty { return "there is no profile yet: \(keyName(.new)) makes one" }
        return list.rows.isEmpty ? "the filter hides every profile: Esc clears it" : "choose a profile first"
    }

    /// Carries out an action of the list.
    mutating func perform(_ action: Action) -> [Effect] {
        if let obstacle = obstacle(action) {
            say(obstacle)
            return []
        }
        switch action {
        case .up, .down, .first, .last, .halfUp, .halfDown, .previousGroup, .nextGroup: move(action)
        case .fold: list.toggleFold()
        case .foldAll: list.toggleAllFolds()
        case .filter:
            filterLine = TextField(list.filter)
            filterBeginsAnew = !list.filter.isEmpty
        case .back: return goBack()
        case .detail: showsDetail.toggle()
        case .open: return open()
        case .openWith: return openConnect()
        case .openWindow: return open(in: .window)
        case .openSplit: return open(in: .split)
        case .test: return startTest()
        case .writer: return open(on: .writer)
        case .reader: return open(on: .reader)
        case .sibling: return openSibling()
        case .testShown: return testShown()
        case .stages: return showStages()
        case .mint: return mint()
        case .login: return login()
        case .policy: return askPolicy()
        case .tunnel: return toggleTunnel()
        case .edit: return openForm(editing: true)
        case .duplicate: return duplicate()
        case .delete: return askFolded("Delete", .action(.delete)) ?? delete()
        case .pin: return askFolded("Pin or unpin", .action(.pin)) ?? togglePins()
        case .mark: toggleMark()
        case .markAll: toggleAllMarks()
        case .copy: return openCopy()
        case .sort: sortByNext()
        case .sortReverse: reverseSort()
        case .groupBy: groupByNext()
        case .columns: nextColumns()
        case .palette: return openPalette()
        case .new: return openForm(editing: false)
        case .undo: return undoLast()
        case .redo: return redoLast()
        case .help: return openHelp()
        case .reload:
            say("reading the profiles again ...")
            isRereading = true
            return [.reload]
        case .quit: return leave()
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        default: break
        }
        return []
    }

    /// Esc: one thing after the other, the nearest first.
    private mutating func goBack() -> [Effect] {
        if let work { return cancel(work) }
        if !list.filter.isEmpty {
            list.setFilter("", now: now)
        } else {
            list.clearMarks()
        }
        return []
    }

    private mutating func move(_ action: Action) {
        let half = max(1, ListLayout(size: size, showsDetail: showsDetail).listRows / 2)
        switch action {
        case .up: list.move(by: -1)
        case .down: list.move(by: 1)
        case .halfUp: list.move(by: -half)
        case .halfDown: list.move(by: half)
        case .first: list.moveToFirst()
        case .last: list.moveToLast()
        case .previousGroup: list.moveToGroup(forward: false)
        case .nextGroup: list.moveToGroup(forward: true)
        default: break
        }
    }

    // MARK: The filter's line

    mutating func filterKey(_ key: Key, _ action: Action?) -> [Effect] {
        guard var line = filterLine else { return [] }
        switch action {
        case .keepFilter:
            filterLine = nil
            sayHiddenMarks()
        case .clearFilter:
            filterLine = nil
            list.setFilter("", now: now)
        case .help:
            return openHelp()
        case let action?:
            move(action)
        case nil:
            if filterBeginsAnew, Self.beginsText(key) { line = TextField() }
            guard line.handle(key) else { break }
            filterBeginsAnew = false
            filterLine = line
            list.setFilter(line.text, now: now)
        }
        return []
    }

    /// Whether a key is the first of another filter; a blank goes on with a further word.
    private static func beginsText(_ key: Key) -> Bool {
        switch key {
        case .character(let character): character != " "
        case .paste: true
        default: false
        }
    }

    // MARK: Changes

    /// Asks the store for a change; it goes onto the undo stack once it is made.
    mutating func write(_ change: UndoStack.Change, from origin: PendingRequest.Origin) -> [Effect] {
        let id = newRequest()
        pending[id] = .change(change, from: origin)
        return [.write(id, change.make)]
    }

    private mutating func undoLast() -> [Effect] {
        guard let change = undo.popUndo() else { return [] }
        let id = newRequest()
        pending[id] = .undo(change)
        return [.write(id, change.takeBack)]
    }

    private mutating func redoLast() -> [Effect] {
        guard let change = undo.popRedo() else { return [] }
        let id = newRequest()
        pending[id] = .redo(change)
        return [.write(id, change.make)]
    }

    /// The store's answer to a change.
    mutating func written(_ id: RequestID, _ outcome: WriteOutcome) -> [Effect] {
        switch (pending.removeValue(forKey: id), outcome) {
        case (.change(let change, .test(let run)), .done):
            undo.push(change)
            say("\(change.words): \(keyName(.undo)) takes it back", .ok)
            return testFixed(run, change)
        case (.change(let change, let origin), .done):
            undo.push(change)
            let isMended = origin == .form && openForm?.testsOnceSaved == true
            if origin == .form { closeForm() }
            arrived(at: change, made: true)
            let back =
                switch trashed(by: change.make) {
                case 0: "takes it back"
                case 1: "brings it back"
                default: "brings them back"
                }
            say("\(change.words): \(keyName(.undo)) \(back)", .ok)
            if isMended, case .update(let profile, _) = change.make { return test(profile, isDraft: false) }
        case (.change(_, let origin), .failed(let line, let field)):
            if origin == .form, refuseInForm(line, field) { return [] }
            say(line, .trouble)
        case (.change(_, let origin), .clash(let what)):
            let line = "\(what): look at it and try again"
            if origin == .form, clashInForm(line) { return [] }
            say(line, .trouble)
        // It would never go through: what comes before it must not wait for it.
        case (.undo(let change), .clash(let what)):
            say("\(what), so that this stays: \(change.words)", .trouble)
        case (.redo(let change), .clash(let what)):
            say("\(what), so that this is not made again: \(change.words)", .trouble)
        case (.undo(var change), .done):
            // What was made new lies in the trash now, and comes back from there.
            switch change.make {
            case .insert(let profile): change.make = .restore([profile.id])
            case .insertAll(let profiles): change.make = .restore(profiles.map(\.id))
            case .batch(let batch): change.make = .batch(batch.again)
            default: break
            }
            undo.undone(change)
            arrived(at: change, made: false)
            say("took back: \(change.words) (\(keyName(.redo)) makes it again)", .ok)
        case (.undo(let change), .failed(let line, _)):
            undo.redone(change)
            say(line, .trouble)
        case (.redo(let change), .done):
            undo.redone(change)
            arrived(at: change, made: true)
            say(change.words, .ok)
        case (.redo(let change), .failed(let line, _)):
            undo.undone(change)
            say(line, .trouble)
        default: break
        }
        return []
    }

    /// The cursor goes to what has been written, once the list shows it.
    private mutating func arrived(at change: UndoStack.Change, made: Bool) {
        awaited = trashed(by: made ? change.make : change.takeBack) > 0 ? nil : change.profile
    }

    /// How many profiles a change moves to the trash and does nothing else.
    private func trashed(by change: StoreChange) -> Int {
        if case .trash(let ids) = change { ids.count } else { 0 }
    }
}
