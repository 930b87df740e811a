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
        let profile = saved.profile
        if let problem = profile.problems().first(where: { $0.severity == .error }) {
            say(
                "\(label(profile)) cannot open: \(problem.field.label) \(problem.message) (e edits)", .trouble
            )
            return []
        }
        if profile.confirmation == .none { return launch(profile, readOnly: profile.startsReadOnly) }
        if let until = snoozed[profile.id], until > now {
            return launch(profile, readOnly: ConfirmState(profile).keyOpensReadOnly)
        }
        layers.append(.confirm(ConfirmState(profile, role: lastTest(saved)?.role)))
        return [.flushKeys]
    }

    private mutating func launch(_ profile: Profile, readOnly: Bool) -> [Effect] {
        let id = newRequest()
        pending[id] = .session(profile)
        say("opening psql on \(label(profile))\(readOnly ? ", read-only" : "") ...")
        return [.launch(id, profile, readOnly: readOnly)]
    }

    /// psql is about to take the terminal: what is typed into a dialog now could end in it.
    var isOpeningSession: Bool {
        pending.values.contains { if case .session = $0 { true } else { false } }
    }

    mutating func sessionEnded(_ id: RequestID, _ end: SessionEnd) {
        guard case .session(let profile) = pending.removeValue(forKey: id) else { return }
        if let clock = end.token { tokens.put(clock, for: profile) }
        let lasted = TimeText.duration(end.seconds)
        switch end.ending {
        case .exited(0): say("psql ended after \(lasted), exit 0", .ok)
        case .exited(let code): say("psql on \(label(profile)) ended after \(lasted), exit \(code)", .trouble)
        case .killed(let signal):
            say("psql on \(label(profile)) was killed by signal \(signal) after \(lasted)", .trouble)
        case .notStarted(let line):
            if let login = end.login { interrupt(.open, profile, login: login) }
            say(end.login == nil ? line : "\(line) (L does)", .trouble)
        }
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
            case .snooze: confirm.snoozes.toggle()
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
            snoozed[confirm.profile.id] = now.addingTimeInterval(ConfirmState.snoozeSeconds)
        }
        return launch(confirm.profile, readOnly: readOnly)
    }
}
