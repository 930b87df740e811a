import Profiles
import Screen

/// `y`: what of a profile goes into the clipboard.
extension Model {
    mutating func openCopy() -> [Effect] {
        guard let profile = list.selected?.profile else { return [] }
        layers.append(.copy(CopyState(profile: effective(profile))))
        return []
    }

    var copyTokenObstacle: String? {
        guard case .copy(let copy) = layers.last else { return nil }
        return copy.profile.auth == .iam ? nil : "\(copy.profile.auth.rawValue) logs in without a token"
    }

    var copyHostObstacle: String? {
        guard case .copy(let copy) = layers.last, copy.profile.host.isEmpty else { return nil }
        return "the host of \(label(copy.profile)) is its service's"
    }

    mutating func copyKey(_ action: Action?) -> [Effect] {
        guard case .copy(var copy) = layers.last, let action else { return [] }
        if let obstacle = obstacle(action) {
            say(obstacle)
            return []
        }
        let name = label(copy.profile)
        switch action {
        case .back: layers.removeLast()
        case .help: return openHelp()
        case .copyHost: return copied(copy.host, "the host of \(name)")
        case .copyURI: return copied(copy.conninfo.uriText, "the URI of \(name)")
        case .copyPsql: return copied(copy.conninfo.psqlText, "the psql command of \(name)")
        case .copyConninfo: return copied(copy.conninfo.keywordText, "the conninfo of \(name)")
        case .copyToken:
            guard copy.asksForToken else {
                copy.asksForToken = true
                layers[layers.count - 1] = .copy(copy)
                return [.flushKeys]
            }
            layers.removeLast()
            say("copying a token for \(name) ...")
            return [.copyToken(copy.profile, name: "a token for \(name)")]
        default: break
        }
        return []
    }

    private mutating func copied(_ text: String, _ name: String) -> [Effect] {
        layers.removeLast()
        return copy(text, name)
    }

    /// Puts a text into the user's clipboard; the answer says which way it went.
    mutating func copy(_ text: String, _ name: String) -> [Effect] {
        say("copying \(name) ...")
        return [.copy(text, name: name)]
    }
}
