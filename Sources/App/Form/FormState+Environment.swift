import Profiles
import Screen

/// The environment of what is typed or pasted, judged by where it leads.
extension FormState {
    /// Gives a new profile the environment of which its endpoint tells, where nobody has chosen one: that of a rule of the
    /// settings, which is left to decide; else that of another profile of the same database or cluster, or of a word of its
    /// name, production before any other. A guess never takes production back.
    mutating func settleEnvironment() {
        guard isNew, let control = controls[.environment], !control.isChanged else { return }
        let (profile, _) = judged()
        let before = profile.environment
        guard let clue = policies.clue(of: profile, among: others.map(\.profile)), clue.environment != before
        else { return }
        guard clue.source == .rule || before != .prod else { return }
        controls[.environment]?.rebase(on: clue.source == .rule ? "" : clue.environment.word)
        notes.append("Env is \(DisplayText.sanitised(clue.words))")
    }
}
