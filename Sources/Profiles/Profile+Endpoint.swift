extension Profile {
    /// The profile on the cluster's writer or reader endpoint.
    ///
    /// - Throws: as ``at(_:among:)``; ``FieldProblem`` too where the host's name does not tell the other endpoint.
    package func on(_ role: ClusterRole, among profiles: some Sequence<Profile>) throws(FieldProblem)
        -> Profile
    {
        let name = HostName(host)
        guard name.guessedRole != role else { return self }
        guard let other = role == .writer ? name.writer : name.reader else {
            throw FieldProblem(
                .host, "no \(role.rawValue) endpoint is known by the name \(host): save a profile for it")
        }
        return try at(other, among: profiles)
    }

    /// The profile on another endpoint of its cluster: its user, environment and policy stay.
    ///
    /// Where another profile is saved for that endpoint, its way there is taken: what is dialled, what is signed for
    /// and the tunnel; of several, that of the one that is most like this one.
    ///
    /// - Throws: ``FieldProblem`` where what is dialled belongs to this endpoint alone.
    package func at(_ endpoint: String, among profiles: some Sequence<Profile>) throws(FieldProblem)
        -> Profile
    {
        let endpoint = HostName.normalised(endpoint)
        guard HostName.normalised(host) != endpoint else { return self }
        var moved = self
        var sibling: Profile?
        for other in profiles
        where HostName.normalised(other.host) == endpoint && other.port == port && other.id != id {
            if sibling.map({ likeness(to: other) > likeness(to: $0) }) ?? true { sibling = other }
        }
        if let sibling {
            (moved.host, moved.dial, moved.signingHost) = (sibling.host, sibling.dial, sibling.signingHost)
            moved.tunnel = sibling.tunnel
        } else {
            guard dial == nil else {
                throw FieldProblem(.dial, "is the way to \(host) alone: save a profile for \(endpoint)")
            }
            moved.host = endpoint
            moved.signingHost = nil
        }
        return moved
    }

    /// How well another profile stands for this one at another endpoint: the environment counts before the user.
    package func likeness(to other: Profile) -> Int {
        (other.environment == environment ? 2 : 0) + (other.user == user ? 1 : 0)
    }
}
