import Profiles

/// Tunnels as the list shows them.
extension Model {
    /// `V`: opens the selected profile's tunnel and keeps it up, or lets go of it.
    mutating func toggleTunnel() -> [Effect] {
        guard let profile = list.selected?.profile else { return [] }
        switch tunnels[profile.id] {
        case .up, .restarting: break
        case .opening, .failed, nil: say("opening the tunnel of \(label(profile)) ...")
        }
        return [.tunnel(profile)]
    }

    var tunnelObstacle: String? {
        guard let profile = list.selected?.profile else { return noSelection }
        return profile.tunnel == nil ? "\(label(profile)) has no tunnel: \(keyName(.edit)) gives it one" : nil
    }
}
