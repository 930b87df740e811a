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

/// Two pools, as of two programs, through one login at a real sshd.
@Suite(.enabled(if: Bastion.isHere, "Tests/install brings sshd"), .timeLimit(.minutes(14)))
struct SharedBastionTests {
    private let trial: BastionTrial

    init() throws { trial = try BastionTrial() }

    @Test func `with nobody to ask here it is told who is asked elsewhere, and that answer does for both`()
        throws
    {
        // Without a pause of this test's own: sshd gives a login two minutes.
        let (here, elsewhere) = (trial.pool(), trial.pool())
        let (asked, answers, done) = (try #require(Gate()), try #require(Gate()), try #require(Gate()))
        let user = BastionTrial.User { _, asking in
            asked.open()
            _ = answers.wait(BastionTrial.wait(600, asking))
            return Bastion.passphrase
        }
        let opened = Mutex<TunnelLease?>(nil)
        let isOpening = WorkerThread.start {
            let lease = try? elsewhere.open(
                BastionTrial.plan("locked"), wait: BastionTrial.wait(600), ask: user.ask)
            opened.withLock { $0 = lease }
            done.open()
        }
        #expect(isOpening)
        #expect(asked.wait(BastionTrial.wait(600)) == .ready)
        let failure = #expect(throws: TunnelFailure.self) {
            try here.open(BastionTrial.plan("locked", port: 2), wait: BastionTrial.wait(5), ask: nil)
        }
        #expect(failure?.kind == .timedOut)
        #expect(failure?.words.contains("pgfob \(getpid())") == true, "\(String(describing: failure))")
        #expect(failure?.words.contains("is asked: Enter passphrase for key") == true)
        answers.open()
        let lease = try here.open(BastionTrial.plan("locked", port: 2), wait: BastionTrial.wait(), ask: nil)
        #expect(done.wait(BastionTrial.wait(600)) == .ready)
        let other = opened.withLock { $0 }
        #expect(other != nil && other?.port != lease.port)
        #expect(user.asked.count == 1 && trial.bastion.logins == 1 && trial.masters.count == 1)
    }

    private func fails(_ lease: TunnelLease) throws {
        let connection = try #require(Loopback.connect(port: lease.port))
        #expect(Loopback.peerHasGone(connection, within: 60_000))
        Loopback.end(connection)
    }

    private func complaint(_ lease: TunnelLease) async -> String? {
        _ = await eventually(within: .seconds(120)) { lease.complaint != nil }
        return lease.complaint
    }

    @Test(arguments: ["", "\(ProgramPath.repository)/Tests/Servers/ssh-before-8.7:/usr/bin:/bin"])
    func `why a connection came to nothing is told to those alone whose it was`(path: String) async throws {
        let trial = try BastionTrial(options: ["PermitOpen 127.0.0.1:*"])
        let pools = (1...2).map { _ in trial.pool(path.isEmpty ? [:] : ["PATH": path]) }
        let (dead, other) = (
            try pools[0].open(
                BastionTrial.plan("bastion", port: try Loopback.closedPort()), wait: BastionTrial.wait(),
                ask: nil),
            try pools[0].open(
                BastionTrial.plan("bastion", port: try Loopback.closedPort()), wait: BastionTrial.wait(),
                ask: nil)
        )
        let forbidden = TunnelPlan(
            definition: .ssh(destination: "bastion", port: nil), host: "localhost", port: 1)
        let refused = try pools[1].open(forbidden, wait: BastionTrial.wait(), ask: nil)
        #expect(trial.bastion.logins == 1)
        try fails(dead)
        #expect(await complaint(dead)?.contains("Connection refused") == true)
        for _ in 1...3 { try fails(refused) }
        #expect(await complaint(refused)?.contains("administratively prohibited") == true)
        // What it has been told of its own it was told after all of that: it reads in the order of writing.
        try fails(other)
        #expect(await complaint(other)?.contains("Connection refused") == true)
        #expect(dead.complaint?.contains("Connection refused") == true)
        #expect(refused.complaint?.contains("administratively prohibited") == true)
    }

    @Test func `a jump host that does not reach the bastion is not taken for the bastion`() throws {
        let failure = #expect(throws: TunnelFailure.self) {
            try trial.pool().open(BastionTrial.plan("astray"), wait: BastionTrial.wait(), ask: nil)
        }
        #expect(failure?.kind == .refused)
        #expect(
            failure?.words.hasPrefix("the jump host does not reach the bastion: ") == true,
            "\(String(describing: failure))")
    }

    @Test func `one that could not come back unasked is up again once another program has logged in`()
        async throws
    {
        let (here, elsewhere, user) = (
            trial.pool(), trial.pool(), BastionTrial.User { _, _ in Bastion.passphrase }
        )
        let first = try elsewhere.open(BastionTrial.plan("locked"), wait: BastionTrial.wait(), ask: user.ask)
        let second = try here.open(BastionTrial.plan("locked", port: 2), wait: BastionTrial.wait(), ask: nil)
        let port = second.port
        #expect(trial.bastion.logins == 1)
        for round in 2...3 {
            for pid in trial.masters { kill(pid, SIGKILL) }
            for lease in [first, second] {
                #expect(await eventually(within: .seconds(120)) { lease.failure?.kind == .refusedLogin })
            }
            _ = try elsewhere.open(BastionTrial.plan("locked"), wait: BastionTrial.wait(), ask: user.ask)
            #expect(await eventually(within: .seconds(120)) { second.state == .up(port: port) })
            #expect(user.asked.count == round && trial.bastion.logins == round && trial.masters.count == 1)
        }
    }

    @Test func `one whose ssh was replaced, as it did not answer for a while, gives its orders to its own`()
        async throws
    {
        let (here, elsewhere) = (trial.pool(), trial.pool())
        let first = try here.open(BastionTrial.plan("bastion"), wait: BastionTrial.wait(), ask: nil)
        let own = try #require(trial.masters.first)
        kill(own, SIGSTOP)
        let other = try elsewhere.open(
            BastionTrial.plan("bastion", port: 2), wait: BastionTrial.wait(), ask: nil)
        kill(own, SIGCONT)
        let second = try here.open(
            BastionTrial.plan("bastion", port: try Loopback.closedPort()), wait: BastionTrial.wait(), ask: nil
        )
        let newer = try #require(trial.masters.first { $0 != own })
        kill(newer, SIGKILL)
        #expect(await eventually(within: .seconds(120)) { other.death != nil })
        try fails(second)
        #expect(await complaint(second)?.contains("Connection refused") == true)
        #expect(first.death == nil && second.death == nil)
    }

    @Test func `what ssh says is kept within bounds, and still heard`() async throws {
        let pool = trial.pool()
        let plan = BastionTrial.plan("bastion", port: try Loopback.closedPort())
        let lease = try pool.open(plan, wait: BastionTrial.wait(), ask: nil)
        for _ in 1...1500 {
            let connection = try #require(Loopback.connect(port: lease.port))
            #expect(Loopback.peerHasGone(connection, within: 60_000))
            Loopback.end(connection)
        }
        let name = try #require(
            FileManager.default.contentsOfDirectory(atPath: trial.folder.file("pgfob")).first {
                $0.hasPrefix("s1-")
            })
        var status = stat()
        #expect(stat(trial.folder.file("pgfob/\(name)/log"), &status) == 0 && status.st_size < 80_000)
        let another = try pool.open(plan, wait: BastionTrial.wait(), ask: nil)
        let connection = try #require(Loopback.connect(port: another.port))
        defer { Loopback.end(connection) }
        #expect(Loopback.peerHasGone(connection, within: 60_000))
        #expect(await complaint(another)?.contains("open failed") == true)
    }
}
