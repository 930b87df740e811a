import RelayTrial
import TestSupport
import Testing

/// The proxy's relay, alone: what goes in on one side comes out on the other.
@Suite(
    .enabled(if: TrialAuthority.openssl != nil, "openssl makes the certificates"), .timeLimit(.minutes(14)),
    .serialized)
struct RelayTests {
    private let folder: TemporaryFolder
    private let roots: String
    private let certificate: String
    private let key: String

    init() throws {
        folder = try TemporaryFolder()
        let authority = try TrialAuthority("relay", in: folder)
        roots = authority.roots
        (certificate, key) = try authority.issue(
            "localhost", from: "20200101000000Z", until: "20991231235959Z")
    }

    private func with<Value>(_ version: Int32, _ seed: UInt64, _ body: (inout relay_trial) -> Value) -> Value
    {
        certificate.withCString { certificate in
            key.withCString { key in
                roots.withCString { roots in
                    var trial = relay_trial(
                        seed: seed, pairs: 12, most: 40_000, version: version, certificate: certificate,
                        key: key, roots: roots)
                    return body(&trial)
                }
            }
        }
    }

    @Test(arguments: [12, 13] as [Int32])
    func `bytes of every size pass both ways, whoever is slow, ends first or is parted from`(_ version: Int32)
    {
        var dice = SeededDice(seed: UInt64(version))
        for _ in 1...Fuzzing.rounds(1) {
            let seed = dice.next()
            var outcome = relay_outcome()
            let result = with(version, seed) { relay_trial_run(&$0, &outcome) }
            let failure = withUnsafeBytes(of: outcome.failure) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            #expect(result == 0 && failure.isEmpty, "seed \(seed): \(failure)")
            #expect(outcome.bytes > 0 && outcome.told > 0)
            #expect((outcome.key_updates > 0) == (version == 13))
        }
    }

    @Test func `a session whose socket the system will not tell of is ended, with that for a reason`() {
        // It has to come to that: the client's bytes must fill all on the way before its socket is changed.
        let isTold = (1...5).contains { seed in with(13, UInt64(seed)) { relay_trial_unwatched(&$0) } == 1 }
        #expect(isTold)
    }
}
