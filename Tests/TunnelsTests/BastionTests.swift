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
    private let folder: TemporaryFolder
    private let bastion: Bastion

    init() throws {
        folder = try TemporaryFolder()
        // Passwords are asked for once no key is taken.
        bastion = try Bastion(options: ["PasswordAuthentication yes"])
    }

    private func pool(_ more: [String: String] = [:], linger: Duration = .seconds(60)) -> TunnelPool {
        let own = ["XDG_RUNTIME_DIR": folder.path, "HOME": folder.path]
        return TunnelPool(
            environment: bastion.environment.merging(own) { $1 }.merging(more) { $1 },
            program: ProgramPath.pgfob,
            linger: linger
        ) { _ in }
    }

    private static func wait(_ seconds: Double = 120, _ cancellation: Cancellation = Cancellation()) -> Wait {
        Wait(deadline: .now + .seconds(seconds), cancellation: cancellation)
    }

    private static func plan(_ host: String, port: Int = 1) -> TunnelPlan {
        TunnelPlan(definition: .ssh(destination: host, port: nil), host: "127.0.0.1", port: port)
    }

    /// The user: what was asked, and the answers.
    private final class User: Sendable {
        private let questions = Mutex<[TunnelQuestion]>([])
        private let answers: @Sendable (TunnelQuestion, Cancellation) -> String?

        init(_ answers: @escaping @Sendable (TunnelQuestion, Cancellation) -> String?) {
            self.answers = answers
        }

        var asked: [String] { questions.withLock { $0.map(\.prompt) } }

        var ask: @Sendable (TunnelQuestion, Cancellation) -> String? {
            { question, cancellation in
                self.questions.withLock { $0.append(question) }
                return self.answers(question, cancellation)
            }
        }
    }

    /// The ssh that carries the tunnels of this test.
    private var masters: [pid_t] {
        let mark = Array("PGFOB_RUN=\(folder.path)/".utf8)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { pid in
            let words = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline")?.split(separator: 0)
            let environment = FileManager.default.contents(atPath: "/proc/\(pid)/environ")?.split(
                separator: 0)
            return words?.first?.elementsEqual("/usr/bin/ssh".utf8) == true
                && words?.contains { $0.elementsEqual("-M".utf8) } == true
                && environment?.contains { $0.starts(with: mark) } == true
        }
    }

    /// Waits until sshd has seen the client of a login go that came to nothing, so that its log is whole.
    private func sawLoginEnd(_ count: Int = 1) async -> Bool {
        await eventually(within: .seconds(120)) {
            bastion.log.components(separatedBy: "by authenticating user").count > count
        }
    }

    @Test func `a question that is not answered ends the try, and no empty password is sent`() async throws {
        let (pool, user) = (pool(), User { _, _ in nil })
        let failure = #expect(throws: TunnelFailure.self) {
            try pool.open(Self.plan("locked"), wait: Self.wait(), ask: user.ask)
        }
        #expect(failure?.kind == .cancelled && failure?.words == "what it asks was not answered")
        #expect(user.asked.count == 1 && user.asked.first?.contains("Enter passphrase") == true)
        #expect(await sawLoginEnd())
        #expect(!bastion.log.contains("Failed password"), "\(bastion.log)")
        #expect(masters.isEmpty)
    }

    @Test func `an empty passphrase goes on to the password, which may be left unanswered`() async throws {
        let (pool, user) = (pool(), User { question, _ in question.prompt.contains("passphrase") ? "" : nil })
        let failure = #expect(throws: TunnelFailure.self) {
            try pool.open(Self.plan("locked"), wait: Self.wait(), ask: user.ask)
        }
        #expect(failure?.kind == .cancelled)
        #expect(user.asked.last?.contains("password:") == true, "\(user.asked)")
        #expect(await sawLoginEnd())
        #expect(!bastion.log.contains("Failed password"), "\(bastion.log)")
    }

    @Test func `with nobody to ask it fails, and no password is sent`() async throws {
        let pool = pool()
        let failure = #expect(throws: TunnelFailure.self) {
            try pool.open(Self.plan("locked"), wait: Self.wait(), ask: nil)
        }
        #expect(failure?.kind == .refusedLogin, "\(String(describing: failure))")
        #expect(await sawLoginEnd())
        #expect(!bastion.log.contains("Failed password"), "\(bastion.log)")
    }

    @Test func `what the ssh to a jump host asks is asked as well, or ends the try`() async throws {
        let (pool, cautious, user) = (pool(), User { _, _ in nil }, User { _, _ in Bastion.passphrase })
        let failure = #expect(throws: TunnelFailure.self) {
            try pool.open(Self.plan("behind"), wait: Self.wait(), ask: nil)
        }
        #expect(failure?.kind == .refusedLogin)
        #expect(failure?.words.contains("nobody can be asked: Enter passphrase for key") == true)
        #expect(throws: TunnelFailure.unanswered) {
            try pool.open(Self.plan("behind"), wait: Self.wait(), ask: cautious.ask)
        }
        #expect(await sawLoginEnd(2))
        #expect(!bastion.log.contains("Failed password"), "\(bastion.log)")
        var lease: TunnelLease?
        #expect(
            await eventually(within: .seconds(120)) {
                lease = try? pool.open(Self.plan("behind"), wait: Self.wait(), ask: user.ask)
                return lease != nil
            })
        #expect(user.asked.count == 1 && bastion.logins == 2)
    }

    @Test func `many that nobody can be asked about are refused by one login`() async throws {
        let pool = pool()
        var refusals: [TunnelFailure] = []
        for port in 1...5 {
            do throws(TunnelFailure) {
                _ = try pool.open(Self.plan("stranger", port: port), wait: Self.wait(), ask: nil)
            } catch { refusals.append(error) }
        }
        #expect(refusals.count == 5 && Set(refusals).count == 1 && refusals[0].kind == .refusedLogin)
        #expect(await sawLoginEnd())
        #expect(bastion.log.components(separatedBy: "by authenticating user").count == 2, "\(bastion.log)")
        // Of those who can be asked one is; the others hear how that ended.
        let user = User { _, _ in nil }
        for port in 1...5 {
            #expect(throws: TunnelFailure.unanswered) {
                try pool.open(Self.plan("stranger", port: port), wait: Self.wait(), ask: user.ask)
            }
        }
        #expect(user.asked.count == 1)
        #expect(
            await eventually(within: .seconds(120)) {
                _ = try? pool.open(Self.plan("stranger"), wait: Self.wait(), ask: user.ask)
                return user.asked.count == 2
            })
    }

    private final class Flag: Sendable {
        let isSet = Mutex(false)
    }

    @Test func `a question is taken back with the wait that it came from`() async throws {
        let (pool, waiting, isTakenBack) = (pool(), Cancellation(), Flag())
        let user = User { _, asking in
            waiting.cancel()
            // As somebody who does not answer.
            let passed = Self.wait(300, asking).passes()
            isTakenBack.isSet.withLock { $0 = !passed }
            return nil
        }
        let failure = #expect(throws: TunnelFailure.self) {
            try pool.open(Self.plan("locked"), wait: Self.wait(120, waiting), ask: user.ask)
        }
        #expect(failure?.kind == .cancelled)
        #expect(await eventually(within: .seconds(120)) { isTakenBack.isSet.withLock { $0 } })
        #expect(await eventually(within: .seconds(120)) { masters.isEmpty })
        #expect(user.asked.count == 1)
    }

    @Test func `one that dies while nobody waits for it asks nothing, until somebody opens one again`()
        async throws
    {
        let (pool, user) = (pool(), User { _, _ in Bastion.passphrase })
        let lease = try pool.open(Self.plan("locked"), wait: Self.wait(), ask: user.ask)
        let port = lease.port
        let master = try #require(masters.first)
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
        #expect(!bastion.log.contains("Failed password"), "\(bastion.log)")
        // With another tunnel through the same bastion this one is up again as well, where its users dial it.
        let other = try pool.open(Self.plan("locked", port: 2), wait: Self.wait(), ask: user.ask)
        #expect(user.asked.count == 2)
        #expect(await eventually(within: .seconds(120)) { lease.state == .up(port: port) })
        #expect(other.port != port)
    }

    @Test func `one that cannot come up again says what ssh says, and comes once it can`() async throws {
        let pool = pool()
        let lease = try pool.open(Self.plan("bastion"), wait: Self.wait(), ask: nil)
        try bastion.stop()
        let master = try #require(masters.first)
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
            try pool.open(lease.plan, wait: Self.wait(3), ask: nil)
        }
        #expect(failure?.kind == .refused && failure?.words.contains("Connection refused") == true)
        try bastion.startAgain()
        #expect(try pool.open(lease.plan, wait: Self.wait(), ask: nil).port == lease.port)
    }

    @Test func `it ends with its last use, whatever the user's own ssh would do in the background`()
        async throws
    {
        let pool = pool(linger: .milliseconds(10))
        var lease: TunnelLease? = try pool.open(Self.plan("forking"), wait: Self.wait(), ask: nil)
        #expect(lease != nil && masters.count == 1)
        lease = nil
        #expect(await eventually(within: .seconds(120)) { pool.state(of: Self.plan("forking")) == nil })
        #expect(await eventually(within: .seconds(120)) { masters.isEmpty })
    }

    @Test func `an ssh from before OpenSSH 8.7 is called without what it does not know`() throws {
        let pool = pool(["PATH": "\(ProgramPath.repository)/Tests/Servers/ssh-before-8.7:/usr/bin:/bin"])
        let lease = try pool.open(Self.plan("bastion"), wait: Self.wait(), ask: nil)
        #expect(lease.state == .up(port: lease.port))
        #expect(bastion.logins == 1)
    }

    @Test func `with nobody to ask here it is told who is asked elsewhere, and that answer does for both`()
        throws
    {
        // Without a pause of this test's own: sshd gives a login two minutes.
        let (here, elsewhere) = (pool(), pool())
        let (asked, answers, done) = (try #require(Gate()), try #require(Gate()), try #require(Gate()))
        let user = User { _, asking in
            asked.open()
            _ = answers.wait(Self.wait(600, asking))
            return Bastion.passphrase
        }
        let opened = Mutex<TunnelLease?>(nil)
        let isOpening = WorkerThread.start {
            let lease = try? elsewhere.open(Self.plan("locked"), wait: Self.wait(600), ask: user.ask)
            opened.withLock { $0 = lease }
            done.open()
        }
        #expect(isOpening)
        #expect(asked.wait(Self.wait(600)) == .ready)
        let failure = #expect(throws: TunnelFailure.self) {
            try here.open(Self.plan("locked", port: 2), wait: Self.wait(5), ask: nil)
        }
        #expect(failure?.kind == .timedOut)
        #expect(failure?.words.contains("pgfob \(getpid())") == true, "\(String(describing: failure))")
        #expect(failure?.words.contains("is asked: Enter passphrase for key") == true)
        answers.open()
        let lease = try here.open(Self.plan("locked", port: 2), wait: Self.wait(), ask: nil)
        #expect(done.wait(Self.wait(600)) == .ready)
        let other = opened.withLock { $0 }
        #expect(other != nil && other?.port != lease.port)
        #expect(user.asked.count == 1 && bastion.logins == 1 && masters.count == 1)
    }

    @Test func `what ssh says is kept within bounds, and still heard`() throws {
        let pool = pool()
        let plan = Self.plan("bastion", port: try Loopback.closedPort())
        let lease = try pool.open(plan, wait: Self.wait(), ask: nil)
        for _ in 1...1500 {
            let connection = try #require(Loopback.connect(port: lease.port))
            #expect(Loopback.peerHasGone(connection, within: 60_000))
            Loopback.end(connection)
        }
        let name = try #require(
            FileManager.default.contentsOfDirectory(atPath: folder.file("pgfob")).first {
                $0.hasPrefix("s1-")
            })
        var status = stat()
        #expect(stat(folder.file("pgfob/\(name)/log"), &status) == 0 && status.st_size < 80_000)
        let another = try pool.open(plan, wait: Self.wait(), ask: nil)
        let connection = try #require(Loopback.connect(port: another.port))
        defer { Loopback.end(connection) }
        #expect(Loopback.peerHasGone(connection, within: 60_000))
        var complaint: String?
        let deadline = ContinuousClock.now + .seconds(60)
        while complaint == nil, .now < deadline { complaint = another.complaint }
        #expect(complaint?.contains("open failed") == true)
    }
}
