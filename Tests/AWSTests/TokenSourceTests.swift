#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import Profiles
import Secrets
import SigV4
import TestSupport
import Testing

struct TokenSourceTests {
    private static let now = Date(timeIntervalSince1970: 1_790_000_000.75)
    private static let signedAt = Date(timeIntervalSince1970: 1_790_000_000)
    private static let request = TokenRequest(
        host: "orders.cluster-c9akciq32rgn.eu-west-1.rds.amazonaws.com", port: 5432, kind: .rds(user: "app"),
        region: "eu-west-1")

    private static func source(_ folder: AWSFolder, ending end: Date? = nil) -> TokenSource {
        var environment = [
            "AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": AWSFolder.secret,
            "AWS_SESSION_TOKEN": AWSFolder.session,
        ]
        environment["AWS_CREDENTIAL_EXPIRATION"] = end.map { Timestamp.rfc3339($0) }
        return TokenSource(environment: folder.environment(environment))
    }

    @Test func `a token lives 900 seconds from the second in which it was signed`() throws {
        let token = try Self.source(AWSFolder()).token(for: Self.request, profile: nil, now: Self.now)
        #expect(token.signedAt == Self.signedAt)
        #expect(token.expiresAt == Self.signedAt.addingTimeInterval(900))
        #expect(token.limitedBy == .token)
        #expect(token.credentials.provider == "environment")
        let reading = try #require(AuthToken.read(token.text))
        #expect(reading.time.seconds == 1_790_000_000)
        #expect(reading.accessKeyID == "AKENV")
        #expect(reading.hasSessionToken)
    }

    @Test(arguments: [
        (0, true), (839, true), (840, true), (840.001, false), (900, false), (-1, false), (86_400, false),
    ])
    func `a token is reused until 60 seconds before its end, and not before it was signed`(
        later: Double, reused: Bool
    ) throws {
        let source = try Self.source(AWSFolder())
        let first = try source.token(for: Self.request, profile: nil, now: Self.signedAt)
        let then = Self.signedAt.addingTimeInterval(later)
        let second = try source.token(for: Self.request, profile: nil, now: then)
        #expect((second.signedAt == first.signedAt) == reused)
        #expect(second.expiresAt.timeIntervalSince(then) >= TokenSource.margin)
    }

    @Test func `a fresh token is a new one, and is kept in place of the old`() throws {
        let source = try Self.source(AWSFolder())
        let first = try source.token(for: Self.request, profile: nil, now: Self.signedAt)
        let later = Self.signedAt.addingTimeInterval(10)
        let fresh = try source.token(for: Self.request, profile: nil, now: later, fresh: true)
        #expect(fresh.signedAt == later)
        #expect(fresh.text != first.text)
        #expect(try source.token(for: Self.request, profile: nil, now: later) == fresh)
    }

    @Test(arguments: [
        (901.0, 900.0, false), (900, 900, false), (899, 899, true), (61, 61, true), (60, 60, true),
    ])
    func `a token ends with the credentials where they end sooner`(
        credentials: Double, life: Double, limited: Bool
    ) throws {
        let source = try Self.source(AWSFolder(), ending: Self.signedAt.addingTimeInterval(credentials))
        let token = try source.token(for: Self.request, profile: nil, now: Self.signedAt)
        #expect(token.expiresAt == Self.signedAt.addingTimeInterval(life))
        #expect((token.limitedBy == .credentials) == limited)
    }

    @Test func `credentials with less than 60 seconds sign nothing`() throws {
        let source = try Self.source(AWSFolder(), ending: Self.signedAt.addingTimeInterval(100))
        let last = Self.signedAt.addingTimeInterval(40)
        let kept = try source.token(for: Self.request, profile: nil, now: Self.signedAt)
        #expect(try source.token(for: Self.request, profile: nil, now: last) == kept)
        let failure = try #require(throws: AWSFailure.self) {
            try source.token(for: Self.request, profile: nil, now: last.addingTimeInterval(0.001))
        }
        #expect(failure.code == "aws-expired")
        #expect(
            failure.message
                == "the AWS credentials (environment) end in less than 60 seconds, and a token with them")
        #expect(failure.whatToDo == "set new keys in the environment and start pgfob again")
    }

    @Test func `a token that is to live shorter than that is signed all the same`() throws {
        let source = try Self.source(AWSFolder())
        var short = Self.request
        short.expires = 30
        let token = try source.token(for: short, profile: nil, now: Self.signedAt)
        #expect(token.expiresAt == Self.signedAt.addingTimeInterval(30))
        let next = Self.signedAt.addingTimeInterval(1)
        #expect(try source.token(for: short, profile: nil, now: next).signedAt == next)
    }

    @Test func `each endpoint, port, region, user and key has a token of its own`() throws {
        let folder = try AWSFolder(
            credentials: AWSFolder.keys("a", id: "AKA") + AWSFolder.keys("same", id: "AKA")
                + AWSFolder.keys("b", id: "AKA", session: "s"))
        let source = TokenSource(environment: folder.environment())
        var requests = [TokenRequest](repeating: Self.request, count: 6)
        requests[1].host = "billing.cluster-c9akciq32rgn.eu-west-1.rds.amazonaws.com"
        requests[2].port = 5433
        requests[3].region = "eu-west-2"
        requests[4].kind = .rds(user: "App")
        requests[5].kind = .dsql
        var texts = try requests.map { try source.token(for: $0, profile: "a", now: Self.now).text }
        texts.append(try source.token(for: Self.request, profile: "b", now: Self.now).text)
        #expect(Set(texts).count == 7)
        #expect(try source.token(for: Self.request, profile: "same", now: Self.now).text == texts[0])
    }

    @Test func `new keys in the file sign a new token at once`() throws {
        let folder = try AWSFolder(
            credentials: AWSFolder.keys(
                "a", id: "AKOLD", session: "s", more: "expiration = 2026-09-21T15:00:00Z"))
        let source = TokenSource(environment: folder.environment())
        let old = try source.token(for: Self.request, profile: "a", now: Self.now)
        try folder.folder.write(AWSFolder.keys("a", id: "AKNEWER", session: "s"), to: ".aws/credentials")
        let new = try source.token(for: Self.request, profile: "a", now: Self.now)
        #expect(AuthToken.read(old.text)?.accessKeyID == "AKOLD")
        #expect(AuthToken.read(new.text)?.accessKeyID == "AKNEWER")
    }

    @Test(arguments: [(-3600.0, true, -3600), (29, true, 0), (31, true, 31), (3600, false, 0)])
    func `a token is signed with AWS's time where that is another, and its life is counted by this machine's`(
        ahead: Double, corrects: Bool, corrected: Int
    ) throws {
        let skew = ClockSkew(corrects: { corrects })
        skew.measure(
            Self.signedAt.addingTimeInterval(ahead - 0.5), sent: Self.signedAt, received: Self.signedAt)
        let folder = try AWSFolder(credentials: AWSFolder.keys("a", id: "AKA"))
        let chain = CredentialChain(environment: folder.environment(), skew: skew)
        let source = TokenSource(store: CredentialStore(chain: chain))
        let token = try source.token(for: Self.request, profile: "a", now: Self.signedAt)
        #expect(AuthToken.read(token.text)?.time.seconds == 1_790_000_000 + corrected)
        #expect(token.signedAt == Self.signedAt && token.expiresAt == Self.signedAt.addingTimeInterval(900))
        #expect(skew.seconds == ahead)
    }

    @Test func `a token that was signed before the clock was known to be off is signed again`() throws {
        let skew = ClockSkew()
        let folder = try AWSFolder(credentials: AWSFolder.keys("a", id: "AKA"))
        let chain = CredentialChain(environment: folder.environment(), skew: skew)
        let source = TokenSource(store: CredentialStore(chain: chain))
        func seconds(_ later: Double) throws -> Int? {
            let now = Self.signedAt.addingTimeInterval(later)
            let token = try source.token(for: Self.request, profile: "a", now: now)
            return AuthToken.read(token.text)?.time.seconds
        }
        #expect(try seconds(0) == 1_790_000_000)
        skew.measure(Self.signedAt.addingTimeInterval(9.5), sent: Self.signedAt, received: Self.signedAt)
        #expect(try seconds(1) == 1_790_000_000)
        skew.measure(
            Self.signedAt.addingTimeInterval(1199.5), sent: Self.signedAt, received: Self.signedAt)
        #expect(try seconds(2) == 1_790_001_202)
        #expect(try seconds(3) == 1_790_001_202)
    }

    @Test func `an answer that was long on its way tells no time`() {
        let skew = ClockSkew()
        skew.measure(Self.signedAt, sent: Self.signedAt, received: Self.signedAt.addingTimeInterval(11))
        #expect(skew.seconds == nil)
    }

    @Test func `many threads get good tokens for a large fleet`() async throws {
        let source = try Self.source(AWSFolder())
        let ports = await withTaskGroup(of: [Int].self) { group in
            for start in 1...8 {
                group.addTask {
                    (0..<250).compactMap { step in
                        var request = Self.request
                        request.port = 1000 + (start * 31 + step) % 500
                        let token = try? source.token(
                            for: request, profile: nil, now: Self.now.addingTimeInterval(Double(step * 7)))
                        guard let token, AuthToken.read(token.text)?.port == request.port else { return nil }
                        return request.port
                    }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(ports.count == 2_000)
    }

    @Test func `an issued token prints without its text`() throws {
        let token = try Self.source(AWSFolder()).token(for: Self.request, profile: nil, now: Self.now)
        var printed = "\(token)"
        dump(token, to: &printed)
        #expect(!printed.contains("X-Amz"))
    }
}
