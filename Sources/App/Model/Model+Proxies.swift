#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Screen

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
        let id = opening.profile.id
        proxies[id] = .opening()
        proxyOwners[id] = opening.profile
        openingProxies.append(id)
        status = nil
        return [.openProxy(opening)]
    }

    /// Esc, or `:proxy stop`: it is not opened.
    mutating func cancelProxy(_ id: UUID) -> [Effect] {
        openingProxies.removeAll { $0 == id }
        proxies[id] = nil
        say("a proxy for \(owner(id)) is not opened")
        return [.cancelProxy(id)]
    }

    /// The name of a profile that has a proxy or a tunnel, or had.
    func owner(_ id: UUID) -> String {
        (list.profile(id)?.profile ?? proxyOwners[id]).map { label($0) } ?? "the profile"
    }

    /// How far one on its way is.
    func proxyLine(_ id: UUID) -> String {
        var step = ""
        if case .opening(let stage?)? = proxies[id] {
            step = ": \(stage.number)/\(stage.count) \(stage.step.rawValue)"
        }
        return "opening a proxy for \(owner(id))\(step) ..."
    }

    mutating func proxyChanged(_ id: UUID, _ state: ProxyState) {
        let profile = list.profile(id)?.profile
        let name = owner(id)
        // One that was cancelled is heard no more until it is over.
        if !openingProxies.contains(id) {
            guard case .ended = state else { return }
        }
        if case .opening = state {} else { openingProxies.removeAll { $0 == id } }
        switch state {
        case .opening: proxies[id] = state
        case .up(let conninfo):
            proxies[id] = state
            say("the proxy of \(name) is up until it is stopped or pgfob ends", .ok)
            if let profile, context == .list { show(conninfo, of: profile) }
        case .ended(let sessions):
            guard proxies.removeValue(forKey: id) != nil else { return }
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

    // MARK: Ending

    /// Profiles that another program has removed: a proxy ends with its profile, as by `d`, for nothing shows it any more.
    mutating func endProxies(ofRemoved removed: [SavedProfile]) -> [Effect] {
        removed.flatMap { saved -> [Effect] in
            switch proxies[saved.id] {
            case .up:
                say("\(label(saved.profile)) was removed elsewhere: its proxy ends with it")
                return [.stopProxy(saved.profile)]
            case .opening: return cancelProxy(saved.id)
            case .ended, .failed, nil: return []
            }
        }
    }

    /// The profiles that have one, or will have.
    var proxied: [SavedProfile] { list.saved.filter { proxies[$0.id] != nil } }

    /// `:proxy stop`: of a profile that is named, or of the selected one.
    mutating func stopProxy(_ name: String) -> [Effect] {
        let named = list.saved.first { $0.profile.foldedName == Profile.fold(name) }
        guard let saved = name.isEmpty ? list.selected : named else {
            say("no profile is called \(DisplayText.truncated(DisplayText.sanitised(name), to: 30))")
            return []
        }
        switch proxies[saved.id] {
        case .up: return [.stopProxy(saved.profile)]
        case .opening: return cancelProxy(saved.id)
        case .ended, .failed, nil:
            let others = proxied.map { label($0.profile) }.joined(separator: ", ")
            say(
                "\(label(saved.profile)) has no proxy: "
                    + (others.isEmpty ? ":proxy opens one" : "\(others) has one"))
            return []
        }
    }
}
