import Profiles

/// A session that is to be opened, as far as the user decides about it.
package struct SessionOpening: Sendable, Equatable {
    /// On the endpoint that was chosen.
    package var profile: Profile
    package var readOnly: Bool
    package var choice: SessionChoice

    package init(_ profile: Profile, readOnly: Bool, choice: SessionChoice = SessionChoice()) {
        self.profile = profile
        self.readOnly = readOnly
        self.choice = choice
    }
}
