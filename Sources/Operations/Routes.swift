#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Diagnosis
import Profiles
import Synchronization
import Tunnels
import Workers

/// A tunnel that is up as long as this value lives.
package typealias OpenTunnel = TunnelLease

/// The ways to databases: straight, by another address, or through a tunnel, which is opened where it is needed and
/// shared.
package final class Routes: Sendable {
    private let pool: TunnelPool
    private let settings: SettingsInForce
    private let mint: TokenMint
    private let plans = Mutex<[UUID: TunnelPlan]>([:])

    package init(_ surroundings: Surroundings, mint: TokenMint) {
        self.mint = mint
        let log = ProgramLog(surroundings)
        pool = TunnelPool(environment: surroundings.environment, program: surroundings.ownFile) {
            log.keep($0, at: Date())
        }
        settings = surroundings.settings
    }

    /// Where to connect, for a profile that is to be connected to now.
    ///
    /// Blocks: on the tunnel until it is up, or on the resolution of the name that the profile dials.
    ///
    /// - Returns: an address instead of the endpoint, nil where there is none; and what keeps its tunnel up.
    /// - Throws: ``Refusal`` with a cause of the stage `dns` or `tcp`.
    func route(
        for profile: Profile, _ options: SignerOptions
    ) throws(Refusal) -> (address: DialAddress?, tunnel: TunnelLease?) {
        guard profile.tunnel != nil else {
            return (try DialResolver.address(of: profile, options.wait, connects: true), nil)
        }
        let lease = try open(profile, options)
        return (Self.address(of: lease), lease)
    }

    /// The local end of a tunnel, for libpq's `hostaddr` and `port`.
    static func address(of lease: TunnelLease) -> DialAddress {
        DialAddress(host: "127.0.0.1", port: lease.port)
    }

    /// Opens a profile's tunnel; it stays up as long as the lease lives.
    ///
    /// - Throws: ``Refusal`` with a cause `tunnel-…`, or one of the stage `aws` where pgfob gets the tunnel's credentials.
    package func open(_ profile: Profile, _ options: SignerOptions) throws(Refusal) -> TunnelLease {
        let plan = try plan(of: profile)
        plans.withLock { $0[profile.id] = plan }
        let asked = ContinuousClock.now
        let keys = try sessionKeys(of: plan, options)
        // A code takes its user's time.
        let wait = keys == nil ? options.wait : options.wait.extended(by: .now - asked)
        do throws(TunnelFailure) {
            return try pool.open(plan, wait: wait, ask: options.askTunnel, sessionKeys: keys)
        } catch {
            throw Refusal(error, plan.definition)
        }
    }

    /// The keys of a session of the Session Manager, where the aws program would have to ask for the code of an MFA device
    /// to get them, and has nobody to ask: pgfob asks, and keeps them. Nil where it gets them itself.
    ///
    /// They go into the program's environment. It could be told in a configuration of pgfob's own to ask pgfob for them,
    /// and would then not read the user's, with its proxies and endpoints.
    private func sessionKeys(
        of plan: TunnelPlan, _ options: SignerOptions
    ) throws(Refusal) -> TunnelPool.SessionKeys? {
        guard case .ssm = plan.definition, mint.wantsCode(awsProfile: plan.awsProfile) else { return nil }
        if case .up = pool.state(of: plan) {} else { _ = try Self.keys(mint, plan, options) }
        // A session that is begun again has nobody to ask: as long as the kept ones live.
        return { [mint] () throws(TunnelFailure) in
            do throws(Refusal) { return try Self.keys(mint, plan, SignerOptions()) } catch {
                throw TunnelFailure(.refusedLogin, error.what)
            }
        }
    }

    private static func keys(
        _ mint: TokenMint, _ plan: TunnelPlan, _ options: SignerOptions
    ) throws(Refusal) -> [String: String] {
        let found = try mint.export(awsProfile: plan.awsProfile, now: Date(), options: options)
        var keys = [
            "AWS_ACCESS_KEY_ID": found.accessKeyID, "AWS_SECRET_ACCESS_KEY": found.secretAccessKey.reveal(),
        ]
        keys["AWS_SESSION_TOKEN"] = found.sessionToken?.reveal()
        // What else the profile says of itself is not read then.
        if plan.region == nil { keys["AWS_REGION"] = mint.defaultRegion(of: plan.awsProfile) }
        return keys
    }

    /// What a profile's tunnel is, its name looked up in the settings.
    package func plan(of profile: Profile) throws(Refusal) -> TunnelPlan {
        var text = profile.tunnel ?? ""
        var definition = try Self.definition(text)
        if case .named(let name) = definition {
            guard let found = settings.values.tunnels[name] else {
                throw Refusal(
                    .failed, "no tunnel is named \"\(name)\"",
                    do: "write [tunnels] and \(name) = \"ssh HOST\" into config.toml", cause: .tunnelMissing,
                    field: .tunnel)
            }
            text = found
            definition = try Self.definition(text)
        }
        let port = profile.says(.port) ? profile.port : profile.opened.port
        let far = profile.dial.flatMap { DialAddress($0, defaultPort: port) }
        return TunnelPlan(
            definition: definition, host: far?.host ?? HostName.normalised(profile.host),
            port: far?.port ?? port, awsProfile: profile.awsProfile,
            region: (profile.region ?? HostName(profile.host).region)?.rawValue)
    }

    private static func definition(_ text: String) throws(Refusal) -> TunnelDefinition {
        do throws(TunnelDefinition.Malformed) {
            return try TunnelDefinition(text)
        } catch {
            throw Refusal(
                .failed, "the tunnel \"\(DialAddress.shown(text))\" \(error.expected)", do: "correct it",
                cause: .tunnelMissing, field: .tunnel)
        }
    }

    /// Closes a profile's tunnel where nobody uses it.
    package func closeUnused(_ profile: Profile) {
        do throws(Refusal) { pool.closeUnused(try plan(of: profile)) } catch {}
    }

    // MARK: Their state

    /// The tunnels that are open or were tried, by profile.
    package var states: [UUID: TunnelState] {
        plans.withLock { $0 }.compactMapValues { pool.state(of: $0) }
    }

    /// How many connections of other programs go through each tunnel that is up, by a profile that has it; empty where
    /// the system does not tell.
    package var outsideConnections: [UUID: Int] {
        var owners: [Int: UUID] = [:]
        for (id, state) in states {
            if case .up(let port) = state { owners[port] = id }
        }
        let counts = TunnelPool.outsideConnections(to: Set(owners.keys))
        return Dictionary(
            uniqueKeysWithValues: counts.compactMap { port, count in owners[port].map { ($0, count) } })
    }

    /// Has somebody told, on any thread, whenever ``states`` may have changed.
    package func onChange(_ told: @escaping @Sendable () -> Void) { pool.onChange(told) }
}

extension TunnelLease {
    /// Why it is not there any more, with the tunnel's name before it; nil where it is up, or on its way up by
    /// somebody's wish.
    package var trouble: String? {
        switch state {
        case .failed(let why): "\(plan.definition.words): it died and could not be opened again: \(why)"
        case .restarting(let why):
            "\(plan.definition.words): it died and is not up again yet\(why.map { ": \($0)" } ?? "")"
        case .up, .opening, nil: nil
        }
    }

    /// What its program said of a connection that came to nothing; waited for a moment, as its words come by a way of
    /// their own. Or why it is not there any more, or was not for a while.
    func words() -> String? {
        if let trouble { return trouble }
        if let death { return "\(plan.definition.words): it died and was opened again: \(death)" }
        let wait = Wait(deadline: .now + .milliseconds(300), cancellation: Cancellation())
        while true {
            if let complaint { return "\(plan.definition.words): \(complaint)" }
            let step = Wait(
                deadline: min(wait.deadline, .now + .milliseconds(5)), cancellation: wait.cancellation)
            _ = step.passes()
            if ContinuousClock.now >= wait.deadline { return nil }
        }
    }
}

extension Refusal {
    /// What a tunnel's program said, with what to do.
    init(_ failure: TunnelFailure, _ tunnel: TunnelDefinition) {
        let code = failure.kind.code
        let cause = CauseFinder.cause(code, message: failure.words, tunnel: tunnel)
        let isCancelled = failure.kind == .cancelled
        self.init(
            .failed, failure.isPlainCancellation ? "cancelled" : "tunnel \(tunnel.words): \(failure.words)",
            do: isCancelled ? "try again" : cause.fix, cause: code)
    }
}

extension TunnelFailure.Kind {
    /// The code that scripts see (design/cli.md).
    var code: CauseCode {
        switch self {
        case .refusedLogin: .tunnelAuth
        case .wrongHostKey: .tunnelHostkey
        case .refused: .tunnelRefused
        case .timedOut: .tunnelTimeout
        case .missing: .tunnelMissing
        case .cancelled: .cancelled
        }
    }
}

/// How ssh's questions come back to the program that opens a tunnel.
package typealias TunnelQuestions = Askpass
