extension Profile {
    /// The profile on the cluster's writer or reader endpoint.
    ///
    /// Where another profile is saved for that endpoint, its way there is taken: what is dialled, what is signed for.
    ///
    /// - Throws: ``FieldProblem`` where the host's name does not tell the other endpoint, or where what is dialled
    ///   belongs to this one alone.
    package func on(_ role: ClusterRole, among profiles: some Sequence<Profile>) throws(FieldProblem)
        -> Profile
    {
        let name = HostName(host)
        guard name.guessedRole != role else { return self }
        guard let other = role == .writer ? name.writer : name.reader else {
            throw FieldProblem(
                .host, "no \(role.rawValue) endpoint is known by the name \(host): save a profile for it")
        }
        var moved = self
        let sibling = profiles.first {
            HostName.normalised($0.host) == other && $0.port == port && $0.id != id
        }
        if let sibling {
            (moved.host, moved.dial, moved.signingHost) = (sibling.host, sibling.dial, sibling.signingHost)
            moved.tunnel = sibling.tunnel
        } else {
            guard dial == nil else {
                throw FieldProblem(.dial, "is the way to \(host) alone: save a profile for \(other)")
            }
            moved.host = other
            moved.signingHost = nil
        }
        return moved
    }
}
