#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import Profiles
import Synchronization
import TestSupport
import Testing
import Workers

/// Credentials that a process gives, on a clock that the test moves.
@Suite(.timeLimit(.minutes(14)))
struct CredentialStoreTests {
    private static let start = Date(timeIntervalSince1970: 1_790_000_000)
    /// Of an answer's life, in seconds.
    private static let life = 3600.0

    private let folder: AWSFolder
    private let store: CredentialStore

    /// The process writes a line for each run, waits while there is a file `wait`, and fails while there is `fail`.
    init() throws {
        folder = try AWSFolder()
        let tool = try folder.folder.write(
            """
            #!/bin/sh
            cd '\(folder.folder.path)'
            echo run >> runs
            while [ -e wait ]; do sleep 0.02; done
            if [ -e fail ]; then echo 'out of order' >&2; exit 1; fi
            echo '{"Version": 1, "AccessKeyId": "AK'$(wc -l < runs)'", "SecretAccessKey": "s",'
            echo '"Expiration": "'$(cat end)'"}'
            """, to: "tool", mode: 0o700)
        try folder.folder.write("[profile p]\ncredential_process = \(tool)\n", to: ".aws/config")
        store = CredentialStore(
            chain: CredentialChain(environment: folder.environment(["PATH": "/usr/bin:/bin"])))
        try answerEnds(Self.start.addingTimeInterval(Self.life))
    }

    private final class Answers: Sendable { let all = Mutex<[String]>([]) }

    private func answerEnds(_ end: Date) throws { try folder.folder.write(Timestamp.rfc3339(end), to: "end") }

    private var runs: Int { (folder.folder.read("runs") ?? "").split(separator: "\n").count }

    private func ask(_ seconds: Double) throws -> String {
        try store.credentials(CredentialRequest(profile: "p", now: Self.start.addingTimeInterval(seconds)))
            .signing.accessKeyID
    }

    @Test func `what is kept is handed to another process, which asks nobody, as long as it is good`() throws
    {
        #expect(store.handOver(profile: "p", now: Self.start) == nil, "nobody has asked yet")
        #expect(try ask(0) == "AK1")
        let handed = try #require(store.handOver(profile: "p", now: Self.start))
        let other = CredentialStore(
            chain: CredentialChain(environment: folder.environment(["PATH": "/usr/bin:/bin"])))
        other.takeOver(handed)
        let taken = try other.credentials(CredentialRequest(profile: "p", now: Self.start))
        let kept = try store.credentials(CredentialRequest(profile: "p", now: Self.start))
        #expect(taken == kept && runs == 1)
        let end = Self.start.addingTimeInterval(Self.life)
        #expect(
            store.handOver(profile: "p", now: end) == nil
                && store.handOver(profile: "q", now: Self.start) == nil)
    }

    @Test func `an answer is kept until a quarter of an hour before its end`() throws {
        #expect(try ask(0) == "AK1")
        #expect(try ask(Self.life - CredentialStore.renewalWindow) == "AK1")
        try answerEnds(Self.start.addingTimeInterval(2 * Self.life))
        #expect(try ask(Self.life - CredentialStore.renewalWindow + 1) == "AK2")
        #expect(try ask(Self.life) == "AK2" && runs == 2)
    }

    @Test func `many who ask at once wait for one answer`() async throws {
        try folder.folder.write("", to: "wait")
        let answers = Answers()
        let (store, crew) = (store, Crew(limit: 8))
        for _ in 0..<8 {
            crew.submit {
                // The test itself may have to wait for a thread before it lets the answer come.
                let wait = Wait(deadline: .now + .seconds(800), cancellation: Cancellation())
                let request = CredentialRequest(profile: "p", now: Self.start, wait: wait)
                let answer = try? store.credentials(request).signing.accessKeyID
                answers.all.withLock { $0.append(answer ?? "none") }
            }
        }
        #expect(await eventually(within: .seconds(60)) { runs > 0 })
        try FileManager.default.removeItem(atPath: folder.folder.file("wait"))
        #expect(await eventually(within: .seconds(60)) { answers.all.withLock { $0.count } == 8 })
        #expect(Set(answers.all.withLock { $0 }) == ["AK1"] && runs == 1)
    }

    @Test
    func `a renewal that fails leaves the old answer in use while it lasts, and is not tried at every call`()
        throws
    {
        #expect(try ask(0) == "AK1")
        try folder.folder.write("", to: "fail")
        #expect(try ask(Self.life - 600) == "AK1" && runs == 2)
        #expect(try ask(Self.life - 599) == "AK1" && runs == 2)
        // The next try comes after 30 to 90 s.
        #expect(try ask(Self.life - 500) == "AK1" && runs == 3)
        #expect(try ask(Self.life - CredentialStore.margin) == "AK1")
        let failure = try #require(throws: AWSFailure.self) {
            try ask(Self.life - CredentialStore.margin + 1)
        }
        #expect(failure.message == "the credential process of profile p ended with 1: out of order")
    }

    @Test func `what is forgotten is asked for anew, and so is what other files say`() throws {
        #expect(try ask(0) == "AK1")
        store.forget(profile: "p")
        #expect(try ask(1) == "AK2")
        let text = try #require(folder.folder.read(".aws/config"))
        try folder.folder.write("# something else\n" + text, to: ".aws/config")
        #expect(try ask(2) == "AK3")
    }

    @Test func `what only this machine knows answers nobody with a wait`() throws {
        var request = CredentialRequest(profile: "p", now: Self.start)
        request.isOffline = true
        if case .onUse = store.report(request).outcome {} else { Issue.record("not left for its use") }
        #expect(runs == 0)
        _ = try ask(0)
        #expect(try store.report(request).get().signing.accessKeyID == "AK1")
    }

    @Test func `an answered question is not asked again before it must be`() throws {
        let trial = try ProviderTrial()
        let roles = try AWSFolder(
            config: RoleProviderTests.roles, credentials: AWSFolder.keys("base", id: "AKBASE"))
        let store = CredentialStore(chain: trial.chain(roles))
        func ask(_ now: Date, answer: String?) throws -> String {
            let request = CredentialRequest(
                profile: "mfa", now: now,
                wait: Wait(deadline: .now + .seconds(60), cancellation: Cancellation()),
                askCode: { _ in answer })
            return try store.credentials(request).signing.accessKeyID
        }
        // The server's answers end with the year 2037.
        let end = try #require(Timestamp.parse("2038-01-01T00:00:00Z"))
        let first = try ask(Date(), answer: "123456")
        #expect(try ask(end.addingTimeInterval(-600), answer: nil) == first)
        #expect(try ask(end.addingTimeInterval(-60), answer: nil) == first)
        let failure = try #require(throws: AWSFailure.self) {
            try ask(end.addingTimeInterval(-59), answer: nil)
        }
        #expect(failure.code == "aws-mfa-needed")
    }
}
