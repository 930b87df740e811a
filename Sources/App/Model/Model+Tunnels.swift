#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Screen

/// Tunnels as the list shows them.
extension Model {
    /// `V`: opens the selected profile's tunnel and keeps it up, or lets go of it.
    mutating func toggleTunnel() -> [Effect] {
        guard let profile = list.selected?.profile else { return [] }
        if openingTunnels.contains(profile.id) { return cancelTunnel(profile.id) }
        switch tunnels[profile.id] {
        case .up, .restarting: break
        case .opening, .failed, nil:
            openingTunnels.append(profile.id)
            status = nil
        }
        return [.tunnel(profile)]
    }

    /// Esc, or `V` once more: it is not opened.
    mutating func cancelTunnel(_ id: UUID) -> [Effect] {
        openingTunnels.removeAll { $0 == id }
        say("the tunnel of \(list.profile(id).map { label($0.profile) } ?? "the profile") is not opened")
        return [.cancelTunnel(id)]
    }

    /// A tunnel that a key was to open is not up.
    mutating func tunnelRefused(_ id: UUID, _ line: String) {
        openingTunnels.removeAll { $0 == id }
        say(line, .trouble)
    }

    var tunnelObstacle: String? {
        guard let profile = list.selected?.profile else { return noSelection }
        return profile.tunnel == nil ? "\(label(profile)) has no tunnel: \(keyName(.edit)) gives it one" : nil
    }

    /// Says how a tunnel is that was opened by a key; the line follows it as long as it stands.
    mutating func tell(ofTunnel id: UUID, _ how: String, _ kind: StatusLine.Kind = .plain) {
        guard let profile = list.saved.first(where: { $0.id == id })?.profile else { return }
        say("the tunnel of \(label(profile)) \(how)", kind)
        toldTunnel = status.map { (id, $0.text) }
    }

    mutating func tunnelsChanged(_ states: [UUID: TunnelState]) {
        let before = tunnels
        tunnels = states
        guard let told = toldTunnel else { return }
        guard status?.text == told.line else { return toldTunnel = nil }
        guard states[told.profile] != before[told.profile] else { return }
        switch states[told.profile] {
        case .up(let port): tell(ofTunnel: told.profile, "is up at 127.0.0.1:\(port)")
        case .opening: tell(ofTunnel: told.profile, "is being opened ...")
        case .restarting(let why):
            let words = why.map { ": \(DisplayText.sanitised($0))" } ?? " ..."
            tell(ofTunnel: told.profile, "died and is started again\(words)")
        case .failed(let words):
            tell(
                ofTunnel: told.profile, "could not be opened again: \(DisplayText.sanitised(words))", .trouble
            )
        case nil: (status, toldTunnel) = (nil, nil)
        }
    }
}
