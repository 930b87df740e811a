/// How far the opening of a session is, before its program starts: one of the things that can take their time.
package struct SessionStage: Sendable, Hashable {
    package enum Step: String, Sendable, Hashable {
        /// AWS signs the token.
        case aws
        /// The endpoint's name is looked up, where it is an alias or something else is dialled.
        case dns
        case tunnel
    }

    package var step: Step
    /// From 1.
    package var number: Int
    package var count: Int

    /// - Returns: nil where a session of that profile does not go through the step.
    package init?(_ step: Step, of profile: Profile) {
        let steps: [Step] =
            (profile.auth == .iam ? [.aws] : []) + [profile.tunnel == nil ? .dns : .tunnel]
        guard let place = steps.firstIndex(of: step) else { return nil }
        (self.step, number, count) = (step, place + 1, steps.count)
    }
}
