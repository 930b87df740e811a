#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// The tokens of this run as the rows show them: their clocks by scope, never the tokens themselves.
struct TokenBook: Sendable {
    /// What the TOKEN column says of a profile.
    enum State: Equatable {
        /// The profile logs in without a token.
        case notIAM
        /// None yet, which is normal: one is minted on use.
        case missing
        /// One is being minted.
        case minting
        /// The AWS credentials have to be renewed first.
        case login
        /// Seconds left, more than none, and which part of its whole life that is.
        case valid(secondsLeft: Int, fraction: Double)
    }

    /// Below this many seconds a token is about to end, and no new login should start with it.
    static let ending = 60

    private var clocks: [TokenScope: TokenClock] = [:]
    private var minting: [TokenScope: Int] = [:]
    /// AWS profiles whose credentials were refused; the empty name is the default chain.
    private var loggedOut: Set<String> = []

    func state(of profile: Profile, now: Date) -> State {
        guard let scope = TokenScope(profile) else { return .notIAM }
        if let clock = clocks[scope] {
            let left = TimeText.left(until: clock.expiresAt, now: now)
            let life = clock.expiresAt.timeIntervalSince(clock.signedAt)
            if left > 0 {
                return .valid(secondsLeft: left, fraction: life > 0 ? min(1, Double(left) / life) : 1)
            }
        }
        if minting[scope] != nil { return .minting }
        return loggedOut.contains(scope.awsProfile) ? .login : .missing
    }

    /// The token's clock while it runs.
    func clock(of profile: Profile, now: Date) -> TokenClock? {
        guard let scope = TokenScope(profile), let clock = clocks[scope],
            TimeText.left(until: clock.expiresAt, now: now) > 0
        else { return nil }
        return clock
    }

    mutating func beginMinting(_ profile: Profile) {
        guard let scope = TokenScope(profile) else { return }
        minting[scope, default: 0] += 1
    }

    mutating func endMinting(_ profile: Profile) {
        guard let scope = TokenScope(profile), let count = minting[scope] else { return }
        minting[scope] = count > 1 ? count - 1 : nil
    }

    /// A token was signed, so the credentials are good.
    mutating func put(_ clock: TokenClock, for profile: Profile) {
        guard let scope = TokenScope(profile) else { return }
        clocks[scope] = clock
        loggedOut.remove(scope.awsProfile)
    }

    mutating func needsLogin(_ profile: Profile) {
        guard let scope = TokenScope(profile) else { return }
        loggedOut.insert(scope.awsProfile)
    }

    /// A test came past the stage that asks AWS.
    mutating func credentialsWork(_ profile: Profile) {
        guard let scope = TokenScope(profile) else { return }
        loggedOut.remove(scope.awsProfile)
    }

    /// The credentials of an AWS profile were found to be good; the empty name is the default chain.
    mutating func credentialsWork(awsProfile: String) { loggedOut.remove(awsProfile) }
}
