/// What the settings say of environments: which profiles belong to one by their names, and what each of them asks for.
package struct EnvironmentPolicies: Sendable, Hashable {
    /// Profiles whose name, host and AWS account match belong to an environment, unless they name one themselves.
    package struct Rule: Sendable, Hashable {
        package var environment: Environment
        package var name: Pattern?
        package var host: Pattern?
        package var account: Pattern?

        package init(
            environment: Environment, name: Pattern? = nil, host: Pattern? = nil, account: Pattern? = nil
        ) {
            self.environment = environment
            self.name = name
            self.host = host
            self.account = account
        }

        fileprivate func holds(_ profile: Profile, _ account: String?) -> Bool {
            if let name, !name.matches(profile.name) { return false }
            if let host, !host.matches(profile.host) { return false }
            if let own = self.account { return account.map { own.matches($0) } ?? false }
            return name != nil || host != nil
        }
    }

    /// What an environment asks for; nil leaves pgfob's own default.
    package struct Policy: Sendable, Hashable {
        package var confirm: ConfirmPolicy?
        package var readOnly: Bool?
        /// How long `a` in the question keeps it away, in seconds; 0 offers none.
        package var snooze: Double?

        package init(confirm: ConfirmPolicy? = nil, readOnly: Bool? = nil, snooze: Double? = nil) {
            self.confirm = confirm
            self.readOnly = readOnly
            self.snooze = snooze
        }
    }

    /// What stands in where the settings cannot be read: the name is asked for, sessions start read-only, and no
    /// question is kept away.
    package static let strictest = Policy(confirm: .name, readOnly: true, snooze: 0)

    /// What holds where nothing of the settings can be read.
    package static let unreadable = EnvironmentPolicies(others: strictest, readableRules: 0)

    /// The first that holds decides.
    package var rules: [Rule]
    private let policies: [Environment: Policy]
    /// What environments ask for that have no policy of their own; nil leaves pgfob's own default.
    private let others: Policy?
    /// How many of the rules stand before the first that cannot be read, which may have been meant for whatever those
    /// leave over; nil where all can be.
    private let readableRules: Int?

    package init(
        rules: [Rule] = [], policies: [Environment: Policy] = [:], others: Policy? = nil,
        readableRules: Int? = nil
    ) {
        self.rules = rules
        self.policies = Dictionary(policies.map { ($0.folded, $1) }) { $1 }
        (self.others, self.readableRules) = (others, readableRules)
    }

    private func policy(_ environment: Environment) -> Policy? {
        policies.isEmpty ? others : policies[environment.folded] ?? others
    }

    /// Whether the environment of a profile is uncertain: a rule that cannot be read may have been meant for it.
    private func isUncertain(_ profile: Profile, _ account: String?) -> Bool {
        guard let readableRules, profile.environment == nil else { return false }
        return !rules.prefix(readableRules).contains { $0.holds(profile, account) }
    }

    /// How long a question is kept away unless the settings say otherwise, in seconds.
    package static let snooze = 900.0

    /// Whether the account of the AWS credentials matters.
    package var asksForAccount: Bool { rules.contains { $0.account != nil } }

    /// The profile's own environment, else that of the first rule that holds.
    package func environment(of profile: Profile, account: String? = nil) -> Environment? {
        if let own = profile.environment { return own }
        guard !rules.isEmpty else { return nil }
        return rules.first { $0.holds(profile, account) }?.environment
    }

    /// What is asked before psql opens on a profile of this environment that says nothing itself.
    package func confirmation(_ environment: Environment) -> ConfirmPolicy {
        policy(environment)?.confirm ?? environment.confirmation
    }

    /// Whether sessions of such a profile start read-only.
    package func startsReadOnly(_ environment: Environment) -> Bool {
        policy(environment)?.readOnly ?? environment.startsReadOnly
    }

    /// How long a question about it may be kept away, in seconds.
    package func snooze(_ environment: Environment?) -> Double {
        environment.flatMap { policy($0)?.snooze } ?? Self.snooze
    }

    /// The profile as it is opened and shown: what it leaves open is filled in from here. Applied twice it changes
    /// nothing more; it is never what is saved.
    package func effective(_ profile: Profile, account: String? = nil) -> Profile {
        var effective = profile
        effective.environment = environment(of: profile, account: account)
        let asked =
            isUncertain(profile, account) ? Self.strictest : effective.environment.flatMap { policy($0) }
        effective.confirm = profile.confirm ?? asked?.confirm
        effective.readOnly = profile.readOnly ?? asked?.readOnly
        return effective
    }
}
