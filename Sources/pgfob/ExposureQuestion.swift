import Operations
import Profiles

/// What is asked before a profile is saved whose token would go to a server that is not checked whole.
enum ExposureQuestion {
    /// - Parameter old: what is saved so far; nil for a new profile.
    /// - Throws: ``Refusal`` where the answer is no. Where nobody can be asked, a script has said what it wants: it is saved,
    ///   and warned of.
    static func ask(_ profile: Profile, from old: Profile? = nil) throws(Refusal) {
        guard Output.canAsk, let exposure = profile.exposure(beyond: old),
            // What cannot be saved is told without a question.
            !profile.problems().contains(where: { $0.severity == .error })
        else { return }
        Output.remark("pgfob: \(profile.name): sslmode \(exposure)")
        guard Prompt.isYes(Prompt.line("Save it so? [y/N] ")) else {
            throw Refusal(
                .failed, "nothing was saved",
                do: "--sslmode verify-full checks the server, and y saves it as it is",
                field: .sslmode)
        }
    }
}
