import Profiles
import Screen

/// Texts over the list, what they come from, and copying them.
extension Model {
    /// `P`: what IAM and the database need for the selected profile.
    mutating func askPolicy() -> [Effect] {
        guard let profile = list.selected?.profile else { return [] }
        return askPolicy(profile, calls: false)
    }

    var policyObstacle: String? {
        guard let profile = list.selected?.profile else { return noSelection }
        return profile.auth == .iam ? nil : "\(profile.auth.rawValue) logs in without IAM"
    }

    private mutating func askPolicy(_ profile: Profile, calls: Bool) -> [Effect] {
        let id = newRequest()
        pending[id] = .policy(profile)
        if calls { say("asking AWS whose \(label(profile)) is ...") }
        return [.policy(id, profile, calls: calls)]
    }

    mutating func policyFound(_ id: RequestID, _ outcome: PolicyOutcome) {
        guard case .policy(let profile) = pending.removeValue(forKey: id) else { return }
        switch outcome {
        case .found(let policy):
            let text = TextState(
                title: "What IAM and the database need: \(label(profile))",
                name: "the policy of \(label(profile))", text: policy.text, source: .policy(profile, policy))
            status = nil
            // AWS was asked from the text itself.
            if case .text(let shown) = layers.last, case .policy = shown.source {
                layers[layers.count - 1] = .text(text)
            } else {
                waitingTexts.append(text)
                sayWaiting("what \(label(profile)) needs is worked out")
            }
        case .failed(let line, let login):
            if let login { logins[profile.awsProfile ?? ""] = login }
            say(login == nil ? line : "\(line) (\(keyName(.login)) does)", .trouble)
        }
    }

    /// Why AWS is not asked; nil where it would tell more.
    var askObstacle: String? {
        guard case .text(let shown) = layers.last, case .policy(_, let policy) = shown.source else {
            return "there is nothing to ask AWS for"
        }
        return policy.unknowns.isEmpty ? "AWS has told all of it" : nil
    }

    mutating func textKey(_ action: Action?) -> [Effect] {
        guard case .text(var shown) = layers.last, let action else { return [] }
        if let obstacle = obstacle(action) {
            say(obstacle)
            return []
        }
        let (last, page) = (TextView.lastTop(shown, in: size), TextView.room(in: size))
        switch action {
        case .back:
            layers.removeLast()
            guard case .policy = shown.source else { return [] }
            // Nothing comes over what the user does next.
            let asked = pending.filter { if case .policy = $0.value { true } else { false } }.keys
            for id in asked { pending[id] = nil }
            return asked.map { .cancelTest($0) }
        case .login: return login()
        case .copyText: return copy(shown.text, shown.name)
        case .askAWS:
            guard case .policy(let profile, _) = shown.source else { return [] }
            return askPolicy(profile, calls: true)
        case .help: return openHelp()
        case .scrollUp: shown.top -= 1
        case .scrollDown: shown.top += 1
        case .halfUp: shown.top -= page
        case .halfDown: shown.top += page
        case .scrollLeft: shown.left = max(0, shown.left - 20)
        case .scrollRight where shown.isTable: shown.left = min(shown.left + 20, 2000)
        case .first: shown.top = 0
        case .last: shown.top = last
        default: return []
        }
        shown.top = min(max(0, shown.top), last)
        layers[layers.count - 1] = .text(shown)
        return []
    }
}
