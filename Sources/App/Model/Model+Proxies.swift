#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// Proxies for other tools, which live as long as the screen does.
extension Model {
    /// `:proxy`: opens one for the selected profile, after the question where the profile asks for one; where it is up
    /// already, says again how tools connect.
    mutating func openProxy() -> [Effect] {
        guard let saved = list.selected else { return [] }
        if case .up(let conninfo)? = proxies[saved.id] {
            show(conninfo, of: saved.profile)
            return []
        }
        return open(saved, effective(saved.profile), purpose: .proxy)
    }

    mutating func launchProxy(_ opening: SessionOpening) -> [Effect] {
        proxies[opening.profile.id] = .opening
        say("opening a proxy for \(label(opening.profile)) ...")
        return [.openProxy(opening)]
    }

    mutating func proxyChanged(_ id: UUID, _ state: ProxyState) {
        let profile = list.profile(id)?.profile
        let name = profile.map(label) ?? "the profile"
        switch state {
        case .opening: proxies[id] = state
        case .up(let conninfo):
            proxies[id] = state
            say("the proxy of \(name) is up until it is stopped or pgfob ends", .ok)
            if let profile, context == .list { show(conninfo, of: profile) }
        case .ended(let sessions):
            proxies[id] = nil
            // With the profile, of which was told already.
            if profile == nil, sessions == 0 { return }
            say(
                "the proxy of \(name) has ended"
                    + (sessions == 0 ? "" : ", and \(sessions) session\(sessions == 1 ? "" : "s") with it"))
        case .failed(let why):
            proxies[id] = nil
            say(why, .trouble)
        }
    }

    private mutating func show(_ conninfo: String, of profile: Profile) {
        layers.append(
            .text(
                TextState(
                    title: "Proxy: \(label(profile)), no password needed",
                    name: "the conninfo of the proxy of \(label(profile))", text: conninfo)))
    }

    var proxyObstacle: String? {
        guard let profile = list.selected?.profile else { return noSelection }
        if case .opening? = proxies[profile.id] { return "the proxy of \(label(profile)) is being opened" }
        return profile.auth == .iam
            ? nil : "a proxy logs in with IAM tokens, and \(label(profile)) by \(profile.auth.rawValue)"
    }

    var stopProxyObstacle: String? {
        guard let profile = list.selected?.profile else { return noSelection }
        if case .up? = proxies[profile.id] { return nil }
        return "\(label(profile)) has no proxy: :proxy opens one"
    }
}
