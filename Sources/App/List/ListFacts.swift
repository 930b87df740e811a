#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// What the order of the list may depend on beside the profiles themselves.
struct ListFacts: Sendable {
    var now: Date
    var policies = EnvironmentPolicies()
    /// The accounts of AWS profiles, where a rule asks for them.
    var accounts: [String: String] = [:]
    var tokens = TokenBook()
    /// This run's tests, which may be newer than what is saved.
    var tests: [UUID: TestSummary] = [:]

    func environment(of profile: Profile) -> Environment? {
        policies.environment(of: profile, account: accounts[profile.awsProfile ?? ""])
    }

    func lastTest(_ saved: SavedProfile) -> TestSummary? { tests[saved.id] ?? saved.lastTest }

    func role(of saved: SavedProfile) -> ClusterRole? {
        lastTest(saved)?.role ?? HostName(saved.profile.host).guessedRole
    }
}
