#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Screen

extension Model {
    /// Enter on the list: opens psql on the selected profile, after a question where the profile asks for one.
    mutating func open() -> [Effect] {
        guard let saved = list.selected else {
            list.toggleFold()
            return []
        }
        return open(saved, effective(saved.profile))
    }

    /// `w`: opens psql on the cluster's writer endpoint, where the selected one is its reader.
    mutating func openWriter() -> [Effect] {
        guard let saved = list.selected, let host = HostName(saved.profile.host).writer else { return [] }
        if let sibling = list.saved.first(where: { HostName.normalised($0.profile.host) == host }) {
            return open(sibling, effective(sibling.profile))
        }
        var profile = effective(saved.profile)
        profile.host = host
        return open(saved, profile)
    }

    var writerObstacle: String? {
        guard let saved = list.selected else { return noSelection }
        return HostName(saved.profile.host).writer == nil
            ? "no other endpoint is the writer of this one by its name" : nil
    }

    /// - Parameter writes: the user has asked for a session that can write; what is guarded asks about that in any case.
    mutating func open(
        _ saved: SavedProfile, _ profile: Profile, _ choice: SessionChoice = SessionChoice(),
        writes: Bool = false
    ) -> [Effect] {
        if let problem = profile.problems().first(where: { $0.severity == .error }) {
            say(
                "\(label(profile)) cannot open: \(problem.field.label) \(problem.message) (\(keyName(.edit)) edits)",
                .trouble
            )
            return []
        }
        let asks = profile.confirmation != .none || (writes && profile.environment == .prod)
        guard asks else {
            return launch(
                SessionOpening(profile, readOnly: profile.startsReadOnly && !writes, choice: choice))
        }
        if let until = snoozed[profile.id], until > now, !writes {
            return launch(
                SessionOpening(profile, readOnly: ConfirmState(profile).keyOpensReadOnly, choice: choice))
        }
        var confirm = ConfirmState(
            profile, role: profile.host == saved.profile.host ? lastTest(saved)?.role : nil)
        confirm.choice = choice
        confirm.snooze = options.policies.snooze(profile.environment)
        layers.append(.confirm(confirm))
        return [.flushKeys]
    }

    mutating func launch(_ opening: SessionOpening) -> [Effect] {
        let id = newRequest()
        pending[id] = .session(opening)
        let program = opening.choice.programName.map(DisplayText.sanitised) ?? "psql"
        say("opening \(program) on \(label(opening.profile))\(opening.readOnly ? ", read-only" : "") ...")
        return [.launch(id, opening)]
    }

    /// psql is about to take the terminal: what is typed into a dialog now could end in it.
    var isOpeningSession: Bool {
        pending.values.contains { if case .session = $0 { true } else { false } }
    }

    mutating func sessionEnded(_ id: RequestID, _ end: SessionEnd) -> [Effect] {
        guard case .session(let opening) = pending.removeValue(forKey: id) else { return [] }
        let profile = opening.profile
        let program = opening.choice.programName.map(DisplayText.sanitised) ?? "psql"
        if let clock = end.token { tokens.put(clock, for: profile) }
        let lasted = TimeText.duration(end.seconds)
        switch end.ending {
        case .exited(2) where end.again: return launch(opening)
        case .exited(2) where opening.choice.program == nil:
            say("\(program) on \(label(profile)) ended after \(lasted), exit 2: \(end.loss ?? "")", .trouble)
        case .exited(0): say("\(program) ended after \(lasted), exit 0", .ok)
        case .exited(let code):
            say("\(program) on \(label(profile)) ended after \(lasted), exit \(code)", .trouble)
        case .killed(let signal):
            say("\(program) on \(label(profile)) was killed by signal \(signal) after \(lasted)", .trouble)
        case .notStarted(let line):
            if let login = end.login { interrupt(.open, profile, login: login, opening: opening) }
            say(end.login == nil ? line : "\(line) (\(keyName(.login)) does)", .trouble)
        }
        return []
    }

    // MARK: The question

    mutating func confirmKey(_ key: Key, _ action: Action?) -> [Effect] {
        guard case .confirm(var confirm) = layers.last else { return [] }
        confirm.complaint = nil
        if var typed = confirm.typed {
            switch key {
            case .escape:
                layers.removeLast()
                return []
            case .enter:
                guard !typed.text.isEmpty else {
                    layers.removeLast()
                    return []
                }
                guard confirm.nameMatches else {
                    confirm.complaint = "that is not its name; Esc cancels"
                    break
                }
                let asKey = !confirm.offersKey && confirm.profile.startsReadOnly
                return answer(confirm, readOnly: asKey)
            case .control("o") where confirm.nameMatches && !confirm.offersKey:
                return answer(confirm, readOnly: false)
            default:
                if action == .help { return openHelp() }
                if typed.handle(key) {
                    // An emptied field gives the single keys back.
                    confirm.typed = typed.text.isEmpty && confirm.offersKey ? nil : typed
                }
            }
        } else {
            switch action {
            case .back:
                layers.removeLast()
                return []
            case .openReadOnly: return answer(confirm, readOnly: confirm.keyOpensReadOnly)
            case .snooze where confirm.snooze > 0: confirm.snoozes.toggle()
            case .typeName: confirm.typed = TextField()
            case .help: return openHelp()
            default:
                var field = TextField()
                if confirm.offersReadWrite, field.handle(key), !field.text.isEmpty { confirm.typed = field }
            }
        }
        layers[layers.count - 1] = .confirm(confirm)
        return []
    }

    private mutating func answer(_ confirm: ConfirmState, readOnly: Bool) -> [Effect] {
        layers.removeLast()
        if confirm.snoozes, confirm.offersKey {
            snoozed[confirm.profile.id] = now.addingTimeInterval(confirm.snooze)
        }
        return launch(SessionOpening(confirm.profile, readOnly: readOnly, choice: confirm.choice))
    }
}
