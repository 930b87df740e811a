import Profiles
import Screen

/// Looking through what comes from a file or from AWS, and saving what was chosen of it.
extension Model {
    mutating func openIntake(_ intake: Intake, verb: String) {
        guard !intake.items.isEmpty else {
            guard !intake.problems.isEmpty || !intake.notes.isEmpty else {
                say("\(intake.source): no profile is in it")
                return
            }
            layers.append(.text(remarks(intake)))
            let count = intake.problems.count + intake.notes.count
            say("\(intake.source): no profile was found, \(count) note\(count == 1 ? "" : "s")")
            return
        }
        layers.append(.intake(IntakeState(intake, verb: verb)))
        if !intake.problems.isEmpty {
            say(
                "\(intake.problems.count) left out: \(options.keys.name(of: .remarks, in: .intake)) says why",
                .trouble)
        } else {
            status = nil
        }
    }

    private func remarks(_ intake: Intake) -> TextState {
        var lines = intake.problems.map { "left out  \($0)" } + intake.notes
        for item in intake.items {
            let said = item.approvalWords.map { "! \($0)" } + item.notes
            if !said.isEmpty { lines += ["", item.profile.name] + said.map { "  \($0)" } }
        }
        return TextState(
            title: "\(intake.source): \(intake.counts)", name: "what is to be said",
            text: lines.isEmpty
                ? "nothing was left out, and nothing is to be approved" : lines.joined(separator: "\n"))
    }

    /// Why an action does nothing with what comes in.
    func intakeObstacle(_ action: Action) -> String? {
        guard case .intake(let state) = layers.last else { return nil }
        switch action {
        case .saveChosen:
            return state.chosen.isEmpty ? "nothing is chosen" : nil
        case .approve:
            return state.item?.toApprove.isEmpty == false ? nil : "nothing of it has to be approved"
        case .approveAll:
            return state.intake.items.contains { !$0.toApprove.isEmpty } ? nil : "nothing has to be approved"
        default: return nil
        }
    }

    mutating func intakeKey(_ action: Action?) -> [Effect] {
        guard case .intake(var state) = layers.last, let action else { return [] }
        if let obstacle = intakeObstacle(action) {
            say(obstacle)
            return []
        }
        let half = max(1, IntakeView.room(in: size) / 2)
        switch action {
        case .back:
            layers.removeLast()
            say("nothing was saved")
            return []
        case .saveChosen:
            layers.removeLast()
            let batch = state.batch
            guard let first = batch.first else { return [] }
            return write(
                UndoStack.Change(
                    words: batch.words(state.verb), make: .batch(batch), takeBack: .batch(batch.opposite),
                    profile: first), from: .list)
        case .remarks:
            layers.append(.text(remarks(state.intake)))
            return []
        case .help: return openHelp()
        case .mark:
            state.toggle()
            state.move(by: 1)
        case .markAll: state.toggleAll()
        case .approve: state.toggleApproval()
        case .approveAll: state.toggleAllApprovals()
        case .up: state.move(by: -1)
        case .down: state.move(by: 1)
        case .halfUp: state.move(by: -half)
        case .halfDown: state.move(by: half)
        case .first: state.cursor = 0
        case .last: state.move(by: .max / 2)
        default: return []
        }
        layers[layers.count - 1] = .intake(state)
        return []
    }
}

// MARK: Discovery

extension Model {
    /// `:discover`: as whom the profiles sign, unless the words name somebody.
    mutating func discover(_ words: String) -> [Effect] {
        let usual = list.awsProfiles.sorted().map { $0.isEmpty ? nil : $0 }
        guard let request = DiscoveryRequest(words: words, awsProfiles: usual) else {
            say("discover takes all, regions, aws:PROFILE and user:NAME", .trouble)
            return []
        }
        let id = newRequest()
        pending[id] = .question
        discovery = id
        discoveryProgress = "asking AWS ..."
        status = nil
        return [.discover(id, request)]
    }

    mutating func progressed(_ id: RequestID, _ line: String) {
        guard id == discovery else { return }
        discoveryProgress = line
    }

    /// Profiles and texts that were asked for are shown as soon as nothing else is: what is typed elsewhere is not meant for
    /// them.
    mutating func openWaiting() -> [Effect] {
        guard context == .list, layers.isEmpty else { return [] }
        if let waiting = waitingIntake {
            waitingIntake = nil
            let intake = waiting.intake
            if waiting.verb == Self.added, intake.items.isEmpty, intake.problems.isEmpty {
                say("\(intake.source): nothing new; \(intake.notes.first ?? "there is no database")", .ok)
                return []
            }
            openIntake(intake, verb: waiting.verb)
        } else if !waitingTexts.isEmpty {
            layers.append(.text(waitingTexts.removeFirst()))
        } else {
            return []
        }
        return [.flushKeys]
    }

    /// What is said once profiles from AWS are saved.
    static let added = "added"

    /// Tells that something is shown later, where it cannot be at once.
    ///
    /// - Parameter words: what has come about.
    mutating func sayWaiting(_ words: String, _ kind: StatusLine.Kind = .plain) {
        guard context != .list else { return }
        say("\(words); back in the list it is shown", kind)
    }
}
