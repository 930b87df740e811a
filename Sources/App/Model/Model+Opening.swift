#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Screen

/// A session on its way: what it waits for, what can be done meanwhile, and its end by Esc.
extension Model {
    mutating func launch(_ opening: SessionOpening) -> [Effect] {
        if opening.purpose == .proxy { return launchProxy(opening) }
        if let obstacle = launchObstacle(.open) {
            say(obstacle)
            return []
        }
        let id = newRequest()
        pending[id] = .session(opening)
        launch = Launch(id: id, opening: opening, startedAt: now)
        status = nil
        return [.launch(id, opening)]
    }

    mutating func sessionStage(_ id: RequestID, _ stage: SessionStage) {
        guard launch?.id == id else { return }
        launch?.stage = stage
    }

    /// All is there, and something lies over the list.
    mutating func sessionReady(_ id: RequestID) {
        guard launch?.id == id else { return }
        launch?.isReady = true
    }

    /// It is under way, or nothing came of it.
    mutating func launched(_ id: RequestID) {
        if launch?.id == id { launch = nil }
    }

    /// Whether a session that is ready may have the terminal: not while the user is at something else.
    package func yields(to id: RequestID) -> Bool {
        launch?.id == id && (context == .list || isOpeningTyped && context == .form)
    }

    /// Whether psql is being opened from the form, which waits for it.
    var isOpeningTyped: Bool { launch?.opening.purpose == .typed }

    /// Esc: nothing is opened.
    mutating func cancelLaunch() -> [Effect] {
        guard let launch else { return [] }
        (self.launch, pending[launch.id]) = (nil, nil)
        say("\(words(of: launch.opening)) is not opened")
        if launch.opening.purpose == .typed { noteInForm() }
        return [.cancelLaunch(launch.id)]
    }

    private func words(of opening: SessionOpening) -> String {
        "\(opening.choice.programName.map(DisplayText.sanitised) ?? "psql") on \(label(opening.profile))"
    }

    /// Why an action does nothing while a session is being opened.
    func launchObstacle(_ action: Action) -> String? {
        guard let launch else { return nil }
        guard
            Self.wantsTerminal.contains(action) || (now < launch.settledAt && Self.takesKeys.contains(action))
        else { return nil }
        return "\(words(of: launch.opening)) is being opened: Esc cancels it"
    }

    /// One session after the other.
    private static let wantsTerminal: Set<Action> = [
        .open, .openWith, .openWindow, .openSplit, .writer, .reader, .sibling, .login, .openTyped,
    ]

    /// What is typed ahead for psql must not end in a dialog, nor change anything.
    private static let takesKeys: Set<Action> = [
        .new, .edit, .duplicate, .delete, .test, .testShown, .stages, .filter, .help, .palette, .copy,
        .policy,
        .pin, .tunnel,
    ]

    /// How far it is.
    var launchLine: String? {
        guard let launch else { return nil }
        let opening = launch.opening
        if launch.isReady { return "\(words(of: opening)) is ready: it opens once the list is back" }
        if let stage = launch.stage {
            return "opening \(words(of: opening)): \(stage.number)/\(stage.count) \(stage.step.rawValue) ..."
                + (context == .list || isOpeningTyped && context == .form ? "   Esc cancels" : "")
        }
        let endpoint = opening.choice.endpoint.map { ", \($0.rawValue) endpoint" } ?? ""
        return "opening \(words(of: opening))\(endpoint)\(opening.readOnly ? ", read-only" : "") ..."
    }
}
