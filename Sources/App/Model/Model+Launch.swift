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

    /// `w` and `r`: opens psql on the cluster's writer, or on a reader of it.
    mutating func open(on role: ClusterRole) -> [Effect] {
        guard let saved = list.selected, let host = endpoint(of: saved, role) else { return [] }
        return open(saved, at: host, role)
    }

    /// Opens a profile on an endpoint of its cluster, as `connect --writer` does: whoever it is saved for, the user, the
    /// environment and what that asks for are the profile's own.
    mutating func open(_ saved: SavedProfile, at host: String, _ role: ClusterRole?) -> [Effect] {
        let moved: Profile
        do throws(FieldProblem) {
            moved = try saved.profile.at(host, among: list.saved.lazy.map(\.profile))
        } catch {
            say(dials(saved.profile, host))
            return []
        }
        var choice = SessionChoice()
        if moved.host != saved.profile.host { choice.endpoint = role }
        return open(saved, effective(moved), choice)
    }

    private func dials(_ profile: Profile, _ host: String) -> String {
        "it dials \(DisplayText.sanitised(profile.dial ?? "")): save a profile for \(host)"
    }

    /// The endpoint in that role of a profile's cluster: by the names of its endpoints, else by what the last test
    /// saw of its servers.
    private func endpoint(of saved: SavedProfile, _ role: ClusterRole) -> String? {
        let host = HostName(saved.profile.host)
        if let named = role == .writer ? host.writer : host.reader { return named }
        if host.guessedRole == role, host.kind != .clusterReader { return HostName.normalised(host.text) }
        let nodes = run(of: saved.id)?.report?.server?.cluster ?? []
        let wanted = nodes.filter { $0.isWriter == (role == .writer) }
        // Of several readers the one that lags least.
        let best = wanted.min { ($0.lagMilliseconds ?? .infinity) < ($1.lagMilliseconds ?? .infinity) }
        return best.flatMap { host.instance(named: $0.name) }
    }

    func endpointObstacle(_ role: ClusterRole) -> String? {
        guard let saved = list.selected else { return noSelection }
        guard let host = endpoint(of: saved, role) else {
            return "which endpoint is \(role == .writer ? "the writer" : "a reader") is not in its name: "
                + "\(keyName(.test)) asks the server"
        }
        // What is dialled is the only thing that can be in the way.
        guard saved.profile.dial != nil else { return nil }
        do throws(FieldProblem) {
            _ = try saved.profile.at(host, among: list.saved.lazy.map(\.profile))
            return nil
        } catch {
            return dials(saved.profile, host)
        }
    }

    /// - Parameters:
    ///   - saved: nil for a profile that is not in the list.
    ///   - writes: the user has asked for a session that can write; what is guarded asks about that in any case.
    mutating func open(
        _ saved: SavedProfile?, _ profile: Profile, _ choice: SessionChoice = SessionChoice(),
        writes: Bool = false, purpose: SessionOpening.Purpose = .program
    ) -> [Effect] {
        if let problem = profile.problems().first(where: { $0.severity == .error }) {
            say(
                "\(label(profile)) cannot open: \(problem.field.label) \(problem.message) (\(keyName(.edit)) edits)",
                .trouble
            )
            return []
        }
        guard profile.confirmation(writes: writes || !profile.startsReadOnly) != .none else {
            return launch(
                SessionOpening(
                    profile, readOnly: profile.startsReadOnly && !writes, choice: choice, purpose: purpose))
        }
        if let snooze = snoozed[profile.id], snooze.holds(for: asSaved(profile), at: now), !writes {
            return launch(
                SessionOpening(
                    profile, readOnly: ConfirmState(profile).keyOpensReadOnly, choice: choice,
                    purpose: purpose
                ))
        }
        var confirm = ConfirmState(
            profile,
            role: choice.endpoint
                ?? saved.flatMap { profile.host == $0.profile.host ? lastTest($0)?.role : nil })
        confirm.choice = choice
        confirm.purpose = purpose
        confirm.writes = writes
        confirm.snooze = options.policies.snooze(profile.environment)
        layers.append(.confirm(confirm))
        return [.flushKeys]
    }

    mutating func sessionEnded(_ id: RequestID, _ end: SessionEnd) -> [Effect] {
        launched(id)
        guard case .session(let opening) = pending.removeValue(forKey: id) else { return [] }
        let profile = opening.profile
        let program = opening.choice.programName.map(DisplayText.sanitised) ?? "psql"
        if let clock = end.token { tokens.put(clock, for: profile) }
        let lasted = TimeText.duration(end.seconds)
        switch end.ending {
        case .exited where end.again, .killed where end.again:
            guard let login = end.login else { return launch(opening) }
            interrupt(.open, profile, login: login, opening: opening)
            return runLogin(login, for: profile)
        case .exited(let code) where end.lacksConnection && opening.choice.program == nil:
            say(
                "\(program) on \(label(profile)) ended after \(lasted), exit \(code): \(end.loss ?? "")"
                    + (end.hadConnected == false ? " (\(testKeyName(opening)) says why)" : ""),
                .trouble)
        case .exited(0): say("\(program) ended after \(lasted), exit 0", .ok)
        case .exited(let code):
            say("\(program) on \(label(profile)) ended after \(lasted), exit \(code)", .trouble)
        case .killed(let signal):
            say("\(program) on \(label(profile)) was killed by signal \(signal) after \(lasted)", .trouble)
        case .notStarted(let line):
            if let login = end.login { interrupt(.open, profile, login: login, opening: opening) }
            say(end.login == nil ? line : "\(line) (\(loginKeys(opening)) does)", .trouble)
        }
        if let trouble = end.trouble { noteTrouble(trouble, end, opening) }
        if opening.purpose == .typed { noteInForm() }
        return []
    }

    /// The key that tests what was opened, from the list or from a form.
    private func testKeyName(_ opening: SessionOpening) -> String {
        opening.purpose == .typed ? options.keys.name(of: .testTyped, in: .form) : keyName(.test)
    }

    /// The session went on without a new token: the next one would meet the same.
    private mutating func noteTrouble(_ trouble: String, _ end: SessionEnd, _ opening: SessionOpening) {
        if let login = end.login {
            tokens.needsLogin(opening.profile)
            logins[opening.profile.awsProfile ?? ""] = login
        }
        let remedy = end.login == nil ? "" : " (\(loginKeys(opening)) does)"
        say("\(status?.text ?? ""). The token was not renewed: \(trouble)\(remedy)", .trouble)
    }

    /// The keys that log in where the session was opened: from a form by way of its test.
    private func loginKeys(_ opening: SessionOpening) -> String {
        guard opening.purpose == .typed else { return keyName(.login) }
        return "\(testKeyName(opening)), then "
            + options.keys.name(of: .login, in: .test)
    }

    // MARK: The question

    /// Whether a key is one of a name now, and nothing else.
    func typesName(_ key: Key) -> Bool {
        if case .confirm(let confirm) = layers.last { confirm.types(key) } else { false }
    }

    /// The key by which a binding is named where it is shown now.
    func key(_ binding: Binding) -> Key? { binding.keys.first { !typesName($0) } }

    func confirmObstacle(_ action: Action) -> String? {
        guard case .confirm(let confirm) = layers.last else { return nil }
        let isOffered = action == .snooze ? confirm.offersSnooze : confirm.offersKey
        return isOffered ? nil : "that takes the name, typed"
    }

    mutating func confirmKey(_ key: Key, _ action: Action?) -> [Effect] {
        guard case .confirm(var confirm) = layers.last else { return [] }
        confirm.complaint = nil
        switch (key, action) {
        case (.enter, _) where confirm.takesName && !confirm.typed.text.isEmpty:
            guard !confirm.nameMatches else {
                return answer(confirm, readOnly: confirm.enterOpensReadOnly)
            }
            confirm.complaint = "that is not its name; Esc cancels"
        case (.control("o"), _) where confirm.nameMatches && !confirm.offersKey:
            return answer(confirm, readOnly: false)
        case (.escape, _), (.enter, _), (_, .back):
            layers.removeLast()
            return []
        case (_, .openReadOnly) where confirm.offersKey:
            return answer(confirm, readOnly: confirm.keyOpensReadOnly)
        case (_, .snooze) where confirm.offersSnooze: confirm.snoozes.toggle()
        case (_, .help): return openHelp()
        default: if confirm.takesName { _ = confirm.typed.handle(key) }
        }
        layers[layers.count - 1] = .confirm(confirm)
        return []
    }

    private mutating func answer(_ confirm: ConfirmState, readOnly: Bool) -> [Effect] {
        layers.removeLast()
        if confirm.snoozes {
            let asked = asSaved(confirm.profile)
            snoozed[confirm.profile.id] = Snooze(asked, from: now, seconds: confirm.snooze)
        }
        return launch(
            SessionOpening(
                confirm.profile, readOnly: readOnly, choice: confirm.choice, purpose: confirm.purpose))
    }

    /// What a session's profile is in the list, whatever was chosen for that session.
    private func asSaved(_ profile: Profile) -> Profile? {
        list.saved.first { $0.id == profile.id }?.profile
    }
}
