/// What tells the environment of an endpoint that somebody has pasted or typed.
package struct EnvironmentClue: Sendable, Hashable {
    package enum Source: Sendable, Hashable {
        /// A rule of the settings: it is left to decide, as it may be changed.
        case rule
        /// A word of the endpoint's name.
        case endpointName
        /// Another profile of the same cluster, or of the same endpoint where that is of none, by its name.
        case neighbour(String)
    }

    package var environment: Environment
    package var source: Source

    /// What becomes of the field and why, behind `env is`; names are as they were typed.
    package var words: String {
        switch source {
        case .rule: "left open: a rule of the settings makes it \(environment.word)"
        case .endpointName: "\(environment.word), as the endpoint's name says"
        case .neighbour(let name): "\(environment.word), as of \(name) there"
        }
    }
}

extension EnvironmentPolicies {
    /// The environment of which a profile's endpoint tells, whatever the profile itself says: that of a rule; else of another
    /// profile of the same database or cluster, or of a word of its name, production before any other.
    ///
    /// - Parameter others: the saved profiles, without this one.
    /// - Returns: nil where nothing tells.
    package func clue(of profile: Profile, among others: [Profile]) -> EnvironmentClue? {
        var profile = profile
        profile.environment = nil
        if let ruled = environment(of: profile) { return EnvironmentClue(environment: ruled, source: .rule) }
        let byName = HostName(profile.host).environment.map {
            EnvironmentClue(environment: $0, source: .endpointName)
        }
        if byName?.environment == .prod { return byName }
        let beside = profile.neighbours(among: others).compactMap { other in
            environment(of: other).map { EnvironmentClue(environment: $0, source: .neighbour(other.name)) }
        }
        return beside.first { $0.environment == .prod } ?? beside.first ?? byName
    }
}

extension Profile {
    /// Other profiles of the same cluster, or of the same endpoint where that is of none.
    fileprivate func neighbours(among others: [Profile]) -> [Profile] {
        let host = HostName.normalised(host)
        guard !host.isEmpty else { return [] }
        let clusters = ClusterKeys(others.map(\.host) + [host])
        let key = clusters.key(of: host)
        return others.filter { other in
            if let key { return clusters.key(of: other.host).map { $0 == key } ?? false }
            return HostName.normalised(other.host) == host && other.port == port
        }
    }
}
