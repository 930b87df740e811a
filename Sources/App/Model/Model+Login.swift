#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Screen

extension Model {
    /// What this machine knows of the credentials that would sign for a profile.
    func outlook(of profile: Profile) -> SignerOutlook? {
        profile.auth == .iam ? outlooks[profile.awsProfile ?? ""] : nil
    }

    /// Whether somebody has to log in to AWS before this profile can be opened.
    func needsLogin(_ profile: Profile) -> Bool { outlook(of: profile)?.needsLogin(at: now) ?? false }

    /// Takes what the loop has found out about AWS profiles, by name; the empty name is the default chain.
    mutating func take(_ found: [String: SignerOutlook]) {
        outlooks.merge(found) { $1 }
        for (name, outlook) in found where !outlook.needsLogin(at: now) && outlook.problem == nil {
            tokens.credentialsWork(awsProfile: name)
        }
    }

    // MARK: Logging in

    /// Whom a login is for: the profile whose test is shown, else the selected one.
    private var loginTarget: Profile? {
        if case .text(let shown) = layers.last, case .policy(let profile, _) = shown.source { return profile }
        return shownRun?.profile ?? list.selected?.profile
    }

    /// The command that logs in for a profile: what a failure named, else what its session needs.
    private func loginCommand(_ profile: Profile) -> [String]? {
        logins[profile.awsProfile ?? ""] ?? outlook(of: profile)?.login
    }

    var loginObstacle: String? {
        guard let profile = loginTarget else { return noSelection }
        guard profile.auth == .iam else { return "\(profile.auth.rawValue) logs in without AWS" }
        if let run = shownRun, !run.asksForLogin { return Self.noLogin }
        if case .text = layers.last, logins[profile.awsProfile ?? ""] == nil { return Self.noLogin }
        guard loginCommand(profile) == nil else { return nil }
        let provider = outlook(of: profile)?.provider ?? ""
        return "there is no session to log in to\(provider.isEmpty ? "" : ": \(provider)")"
    }

    private static let noLogin = "AWS does not ask for a login here"

    /// `L`: runs the login in this terminal.
    mutating func login() -> [Effect] {
        guard let profile = loginTarget, let command = loginCommand(profile) else { return [] }
        return runLogin(command, for: profile)
    }

    mutating func runLogin(_ command: [String], for profile: Profile) -> [Effect] {
        let id = newRequest()
        pending[id] = .login(profile)
        say("running \(command.joined(separator: " ")) ...")
        return [.login(id, command, awsProfile: profile.awsProfile)]
    }

    /// An action failed for want of a login: after the login it goes on.
    mutating func interrupt(
        _ action: Action, _ profile: Profile, login: [String]?, opening: SessionOpening? = nil
    ) {
        tokens.needsLogin(profile)
        guard let login else { return }
        logins[profile.awsProfile ?? ""] = login
        interrupted = Interrupted(action: action, profile: profile.id, opening: opening)
    }

    mutating func loginEnded(_ id: RequestID, _ end: SessionEnd) -> [Effect] {
        guard case .login(let profile) = pending.removeValue(forKey: id) else { return [] }
        guard end.ending == .exited(0) else {
            if case .notStarted(let line) = end.ending {
                say(line, .trouble)
            } else {
                say("the login did not succeed: \(keyName(.login)) tries again", .trouble)
            }
            return []
        }
        logins[profile.awsProfile ?? ""] = nil
        tokens.credentialsWork(awsProfile: profile.awsProfile ?? "")
        say("logged in to AWS for \(label(profile))", .ok)
        if shownRun?.asksForLogin == true { return testKey(.testAgain) }
        guard let interrupted else { return [] }
        if let opening = interrupted.opening, opening.purpose == .typed {
            self.interrupted = nil
            return context == .form ? launch(opening) : []
        }
        guard list.selected?.id == interrupted.profile else { return [] }
        self.interrupted = nil
        // What was chosen for the one session has been asked about already.
        if let opening = interrupted.opening, opening.choice != SessionChoice() { return launch(opening) }
        return perform(interrupted.action)
    }

    // MARK: Questions of workers

    mutating func ask(_ id: RequestID, _ question: CodeState.Question) -> [Effect] {
        layers.append(.code(CodeState(id, question)))
        return [.flushKeys]
    }

    /// Whether the question that lies on top is none, but something that the user is told.
    var isTold: Bool { if case .code(let code) = layers.last { !code.takesAnswer } else { false } }

    /// Nobody waits for the code any more.
    mutating func stopAskingCode(_ id: RequestID) {
        layers.removeAll { if case .code(let code) = $0 { code.id == id } else { false } }
    }

    mutating func codeKey(_ key: Key, _ action: Action?) -> [Effect] {
        guard case .code(var code) = layers.last else { return [] }
        switch action {
        case .sendCode:
            guard let text = code.answer else { return [] }
            layers.removeLast()
            return [.answer(code.id, code.takesAnswer ? text : nil)]
        case .back:
            layers.removeLast()
            return [.answer(code.id, nil)]
        case .skipQuestions:
            if let obstacle = skipObstacle {
                say(obstacle)
                return []
            }
            skipQuestions()
            layers.removeLast()
            return [.answer(code.id, nil)]
        case .help: return openHelp()
        default:
            if code.field.handle(key) { layers[layers.count - 1] = .code(code) }
            return []
        }
    }
}

/// What was under way when AWS asked for a login.
struct Interrupted: Sendable {
    var action: Action
    var profile: UUID
    /// The session, where one was to be opened.
    var opening: SessionOpening?
}
