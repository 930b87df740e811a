import Profiles
import Screen

/// The environment of what is typed or pasted, judged by where it leads.
extension FormState {
    /// Gives a new profile the environment of which its endpoint tells, where nobody has chosen one: that of a rule of the
    /// settings, which is left to decide; else that of another profile of the same database or cluster, or of a word of its
    /// name, production before any other. A guess never takes production back.
    mutating func settleEnvironment() {
        guard isNew, let control = controls[.environment], !control.isChanged else { return }
        var (profile, _) = judged()
        let before = profile.environment
        profile.environment = nil
        if let ruled = policies.environment(of: profile) {
            guard ruled != before else { return }
            controls[.environment]?.rebase(on: "")
            notes.append(
                "Env is left open: a rule of the settings makes it \(DisplayText.sanitised(ruled.word))")
        } else if let (told, why) = told(of: profile), told != before, before != .prod {
            controls[.environment]?.rebase(on: told.word)
            notes.append("Env is \(DisplayText.sanitised(told.word)), as \(why)")
        }
    }

    private func told(of profile: Profile) -> (Environment, why: String)? {
        let byName = HostName(profile.host).environment.map { ($0, "the endpoint's name says") }
        if byName?.0 == .prod { return byName }
        let beside = neighbours(of: profile).compactMap { other in
            policies.environment(of: other).map { ($0, "of \(DisplayText.sanitised(other.name)) there") }
        }
        return beside.first { $0.0 == .prod } ?? beside.first ?? byName
    }

    /// Other profiles of the same cluster, or of the same endpoint where that is of none.
    private func neighbours(of profile: Profile) -> [Profile] {
        let host = HostName.normalised(profile.host)
        guard !host.isEmpty else { return [] }
        let others = others.map(\.profile)
        let clusters = ClusterKeys(others.map(\.host) + [host])
        let key = clusters.key(of: host)
        return others.filter { other in
            if let key { return clusters.key(of: other.host).map { $0 == key } ?? false }
            return HostName.normalised(other.host) == host && other.port == profile.port
        }
    }
}
