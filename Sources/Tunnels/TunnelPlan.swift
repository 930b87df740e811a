import Profiles

/// All that one tunnel needs to know: what it goes through and where it leads. Profiles with equal plans share one.
package struct TunnelPlan: Sendable, Hashable {
    /// Never ``TunnelDefinition/named(_:)``: that has been looked up.
    package var definition: TunnelDefinition
    /// Where it leads, as its far end resolves it.
    package var host: String
    package var port: Int
    /// Whose credentials open a session of the Session Manager, where the definition does not say.
    package var awsProfile: String?
    package var region: String?

    package init(
        definition: TunnelDefinition, host: String, port: Int, awsProfile: String? = nil,
        region: String? = nil
    ) {
        self.definition = definition
        self.host = host
        self.port = port
        // What has no say in the way is no reason for a second tunnel.
        guard case .ssm(_, let ownProfile, let ownRegion) = definition else { return }
        self.awsProfile = ownProfile ?? awsProfile
        self.region = ownRegion ?? region
    }

    /// `127.0.0.1:PORT:HOST:PORT`, as ssh's -L takes it.
    func forward(from local: Int) -> String {
        "127.0.0.1:\(local):\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    /// What carries it: tunnels through one bastion share one connection.
    var carrier: CarrierKey {
        if case .ssh(let destination, let port) = definition { return .ssh(destination, port) }
        return .own(self)
    }
}

/// What tells carriers apart.
enum CarrierKey: Sendable, Hashable {
    case ssh(String, Int?)
    case own(TunnelPlan)
}
