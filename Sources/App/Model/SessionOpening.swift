import Profiles

/// A session that is to be opened, as far as the user decides about it.
package struct SessionOpening: Sendable, Equatable {
    /// Who connects.
    package enum Purpose: Sendable, Hashable {
        /// psql, or another program that pgfob starts.
        case program
        /// Any tool of this machine, through a proxy.
        case proxy
        /// psql, on a profile as a form holds it: the store does not have it, and nothing of it is kept.
        case typed
    }

    /// On the endpoint that was chosen.
    package var profile: Profile
    package var readOnly: Bool
    package var choice: SessionChoice
    package var purpose: Purpose

    package init(
        _ profile: Profile, readOnly: Bool, choice: SessionChoice = SessionChoice(),
        purpose: Purpose = .program
    ) {
        self.profile = profile
        self.readOnly = readOnly
        self.choice = choice
        self.purpose = purpose
    }
}
