/// The beginning of the list as it is shown first, and how much there is in all: what a screen needs for its
/// first paint, however many profiles are saved.
package struct FirstPage: Sendable, Hashable {
    /// How many live profiles belong to an environment.
    package struct Count: Sendable, Hashable {
        package var environment: Environment?
        package var profiles: Int

        package init(_ environment: Environment?, _ profiles: Int) {
            self.environment = environment
            self.profiles = profiles
        }
    }

    /// In the order in which the list shows them.
    package var profiles: [SavedProfile]
    /// One or more for each environment that has any.
    package var counts: [Count]

    package init(profiles: [SavedProfile], counts: [Count]) {
        self.profiles = profiles
        self.counts = counts
    }

    /// All profiles, where the list is not shown in the order of the store.
    package init(whole profiles: [SavedProfile]) {
        self.init(profiles: profiles, counts: [Count(nil, profiles.count)])
    }

    /// Whether these are all profiles.
    package var isWhole: Bool { counts.reduce(0) { $0 + $1.profiles } == profiles.count }
}
