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
import Profiles
import Synchronization
import TestSupport
import Testing
import Tunnels
import Workers

/// Tunnels by the system's ssh through a real sshd, whose questions come back by the real program.
@Suite(.enabled(if: Bastion.isHere, "Tests/install brings sshd"), .timeLimit(.minutes(14)))
struct BastionTests {
    private let trial: BastionTrial

    init() throws { trial = try BastionTrial() }

    @Test func `a question that is not answered ends the try, and no empty password is sent`() async throws {
        let (pool, user) = (trial.pool(), BastionTrial.User { _, _ in nil })
        let failure = #expect(throws: TunnelFailure.self) {
            try pool.open(BastionTrial.plan("locked"), wait: BastionTrial.wait(), ask: user.ask)
        }
        #expect(failure?.kind == .cancelled && failure?.words == "what it asks was not answered")
        #expect(user.asked.count == 1 && user.asked.first?.contains("Enter passphrase") == true)
        #expect(await trial.sawLoginEnd())
        #expect(!trial.bastion.log.contains("Failed password"), "\(trial.bastion.log)")
        #expect(trial.masters.isEmpty)
    }

    @Test func `an empty passphrase goes on to the password, which may be left unanswered`() async throws {
        let (pool, user) = (
            trial.pool(),
            BastionTrial.User { question, _ in question.prompt.contains("passphrase") ? "" : nil }
        )
        let failure = #expect(throws: TunnelFailure.self) {
            try pool.open(BastionTrial.plan("locked"), wait: BastionTrial.wait(), ask: user.ask)
        }
        #expect(failure?.kind == .cancelled)
        #expect(user.asked.last?.contains("password:") == true, "\(user.asked)")
        #expect(await trial.sawLoginEnd())
        #expect(!trial.bastion.log.contains("Failed password"), "\(trial.bastion.log)")
    }

    @Test func `with nobody to ask it fails, and no password is sent`() async throws {
        let pool = trial.pool()
        let failure = #expect(throws: TunnelFailure.self) {
            try pool.open(BastionTrial.plan("locked"), wait: BastionTrial.wait(), ask: nil)
        }
        #expect(failure?.kind == .refusedLogin, "\(String(describing: failure))")
        #expect(await trial.sawLoginEnd())
        #expect(!trial.bastion.log.contains("Failed password"), "\(trial.bastion.log)")
    }

    @Test func `what the ssh to a jump host asks is asked as well, or ends the try`() async throws {
        let (pool, cautious, user) = (
            trial.pool(), BastionTrial.User { _, _ in nil }, BastionTrial.User { _, _ in Bastion.passphrase }
        )
        let failure = #expect(throws: TunnelFailure.self) {
            try pool.open(BastionTrial.plan("behind"), wait: BastionTrial.wait(), ask: nil)
        }
        #expect(failure?.kind == .refusedLogin)
        #expect(failure?.words.contains("nobody can be asked: Enter passphrase for key") == true)
        #expect(throws: TunnelFailure.unanswered) {
            try pool.open(BastionTrial.plan("behind"), wait: BastionTrial.wait(), ask: cautious.ask)
        }
        #expect(await trial.sawLoginEnd(2))
        #expect(!trial.bastion.log.contains("Failed password"), "\(trial.bastion.log)")
        var lease: TunnelLease?
        #expect(
            await eventually(within: .seconds(120)) {
                lease = try? pool.open(BastionTrial.plan("behind"), wait: BastionTrial.wait(), ask: user.ask)
                return lease != nil
            })
        #expect(user.asked.count == 1 && trial.bastion.logins == 2)
    }

    @Test func `many that nobody can be asked about are refused by one login`() async throws {
        let pool = trial.pool()
        var refusals: [TunnelFailure] = []
        for port in 1...5 {
            do throws(TunnelFailure) {
                _ = try pool.open(
                    BastionTrial.plan("stranger", port: port), wait: BastionTrial.wait(), ask: nil)
            } catch { refusals.append(error) }
        }
        #expect(refusals.count == 5 && Set(refusals).count == 1 && refusals[0].kind == .refusedLogin)
        #expect(await trial.sawLoginEnd())
        #expect(
            trial.bastion.refusals == 1,
            "\(trial.bastion.log)")
        // Of those who can be asked one is; the others hear how that ended.
        let user = BastionTrial.User { _, _ in nil }
        for port in 1...5 {
            #expect(throws: TunnelFailure.unanswered) {
                try pool.open(
                    BastionTrial.plan("stranger", port: port), wait: BastionTrial.wait(), ask: user.ask)
            }
        }
        #expect(user.asked.count == 1)
        #expect(
            await eventually(within: .seconds(120)) {
                _ = try? pool.open(BastionTrial.plan("stranger"), wait: BastionTrial.wait(), ask: user.ask)
                return user.asked.count == 2
            })
    }

    private final class Flag: Sendable {
        let isSet = Mutex(false)
    }

    @Test func `a question is taken back with the wait that it came from`() async throws {
        let (pool, waiting, isTakenBack) = (trial.pool(), Cancellation(), Flag())
        let user = BastionTrial.User { _, asking in
            waiting.cancel()
            // As somebody who does not answer.
            let passed = BastionTrial.wait(300, asking).passes()
            isTakenBack.isSet.withLock { $0 = !passed }
            return nil
        }
        let failure = #expect(throws: TunnelFailure.self) {
            try pool.open(BastionTrial.plan("locked"), wait: BastionTrial.wait(120, waiting), ask: user.ask)
        }
        #expect(failure?.kind == .cancelled)
        #expect(await eventually(within: .seconds(120)) { isTakenBack.isSet.withLock { $0 } })
        #expect(await eventually(within: .seconds(120)) { trial.masters.isEmpty })
        #expect(user.asked.count == 1)
    }

    @Test func `one that dies while nobody waits for it asks nothing, until somebody opens one again`()
        async throws
    {
        let (pool, user) = (trial.pool(), BastionTrial.User { _, _ in Bastion.passphrase })
        let lease = try pool.open(BastionTrial.plan("locked"), wait: BastionTrial.wait(), ask: user.ask)
        let port = lease.port
        let master = try #require(trial.masters.first)
        kill(master, SIGKILL)
        #expect(
            await eventually(within: .seconds(120)) {
                if case .failed(let words) = pool.state(of: lease.plan) {
                    words.contains("Permission denied")
                } else {
                    false
                }
            })
        #expect(user.asked.count == 1)
        #expect(lease.failure?.kind == .refusedLogin)
        #expect(!trial.bastion.log.contains("Failed password"), "\(trial.bastion.log)")
        // With another tunnel through the same bastion this one is up again as well, where its users dial it.
        let other = try pool.open(
            BastionTrial.plan("locked", port: 2), wait: BastionTrial.wait(), ask: user.ask)
        #expect(user.asked.count == 2)
        #expect(await eventually(within: .seconds(120)) { lease.state == .up(port: port) })
        #expect(other.port != port)
    }

    @Test func `one that cannot come up again says what ssh says, and comes once it can`() async throws {
        let pool = trial.pool()
        let lease = try pool.open(BastionTrial.plan("bastion"), wait: BastionTrial.wait(), ask: nil)
        try trial.bastion.stop()
        let master = try #require(trial.masters.first)
        kill(master, SIGKILL)
        #expect(
            await eventually(within: .seconds(120)) {
                if case .restarting(let why?) = lease.state {
                    why.contains("Connection refused")
                } else {
                    false
                }
            })
        let failure = #expect(throws: TunnelFailure.self) {
            try pool.open(lease.plan, wait: BastionTrial.wait(3), ask: nil)
        }
        #expect(failure?.kind == .refused && failure?.words.contains("Connection refused") == true)
        try trial.bastion.startAgain()
        #expect(try pool.open(lease.plan, wait: BastionTrial.wait(), ask: nil).port == lease.port)
    }

    @Test func `one whose ssh is killed while it is told to forward it comes by the next ssh`() async throws {
        let pool = trial.pool()
        let first = try pool.open(BastionTrial.plan("bastion"), wait: BastionTrial.wait(), ask: nil)
        let port = first.port
        let master = try #require(trial.masters.first)
        // Stopped it lets the order wait at its socket, and is killed with it.
        kill(master, SIGSTOP)
        let opened = Mutex<Result<TunnelLease, TunnelFailure>?>(nil)
        let done = try #require(Gate())
        let isOpening = WorkerThread.start {
            let result: Result<TunnelLease, TunnelFailure>
            do throws(TunnelFailure) {
                result = .success(
                    try pool.open(BastionTrial.plan("bastion", port: 2), wait: BastionTrial.wait(), ask: nil))
            } catch { result = .failure(error) }
            opened.withLock { $0 = result }
            done.open()
        }
        #expect(isOpening)
        // The order waits for some seconds alone, and a test that gives way may be kept from going on for longer.
        let deadline = ContinuousClock.now + .seconds(120)
        while !trial.isToldToForward, .now < deadline { poll(nil, 0, 5) }
        kill(master, SIGKILL)
        #expect(done.wait(BastionTrial.wait()) == .ready)
        let second = try #require(try opened.withLock { $0 }?.get())
        #expect(second.state == .up(port: second.port) && second.port != port)
        // Its users dial its port.
        #expect(await eventually(within: .seconds(120)) { first.state == .up(port: port) })
        #expect(trial.bastion.logins == 2 && trial.masters.count == 1)
    }

    @Test func `one whose port something else has as its ssh comes again is tried until it is free`()
        async throws
    {
        let pool = trial.pool()
        let lease = try pool.open(BastionTrial.plan("bastion"), wait: BastionTrial.wait(), ask: nil)
        let port = lease.port
        try trial.bastion.stop()
        kill(try #require(trial.masters.first), SIGKILL)
        #expect(await eventually(within: .seconds(120)) { lease.state != .up(port: port) })
        let taken = try Loopback.listen(backlog: 1, port: port)
        try trial.bastion.startAgain()
        #expect(
            await eventually(within: .seconds(120)) {
                if case .restarting(let why?) = lease.state { why.contains("\(port)") } else { false }
            })
        // Another tunnel by the same ssh is not kept waiting by that.
        let other = try pool.open(
            BastionTrial.plan("bastion", port: 2), wait: BastionTrial.wait(), ask: nil)
        #expect(other.port != port && lease.state != .up(port: port))
        Loopback.end(taken.descriptor)
        #expect(await eventually(within: .seconds(120)) { lease.state == .up(port: port) })
        #expect(trial.bastion.logins == 1 && trial.masters.count == 1)
    }

    @Test func `it ends with its last use, whatever the user's own ssh would do in the background`()
        async throws
    {
        let pool = trial.pool(linger: .milliseconds(10))
        var lease: TunnelLease? = try pool.open(
            BastionTrial.plan("forking"), wait: BastionTrial.wait(), ask: nil)
        #expect(lease != nil && trial.masters.count == 1)
        lease = nil
        #expect(
            await eventually(within: .seconds(120)) { pool.state(of: BastionTrial.plan("forking")) == nil })
        #expect(await eventually(within: .seconds(120)) { trial.masters.isEmpty })
    }

    @Test func `an ssh from before OpenSSH 8.7 is called without what it does not know`() throws {
        let pool = trial.pool(["PATH": "\(ProgramPath.repository)/Tests/Servers/ssh-before-8.7:/usr/bin:/bin"]
        )
        let lease = try pool.open(BastionTrial.plan("bastion"), wait: BastionTrial.wait(), ask: nil)
        #expect(lease.state == .up(port: lease.port))
        #expect(trial.bastion.logins == 1)
    }
}
