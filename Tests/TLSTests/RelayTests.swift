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

    @Test(arguments: [
        // Simple and extended queries.
        (">Q", 1), (">Q<TDCZ", 0), (">PBDES", 1), (">PBDES<12TDCZ", 0), (">PBDEH<12TDC", 1),
        (">PBESPBES<12CZ", 1), (">F<VZ", 0),
        // COPY by a simple query, also of two in one, also with data that nobody asked for yet.
        (">Q<G>dd", 1), (">Q<G>ddc", 1), (">Q<G>ddc<CZ", 0), (">Q<G>dc<CG>df<EZ", 0), (">Qdc<GCZ", 0),
        (">Qdc<GCZ>Q<G>dc<CZ>PBES", 1), (">Q<G>d<EZ>dc", 0), (">Q<G>d<EZ>dc>PBES<12G>dcS<CZ", 0),
        // By the extended protocol, as libpq does: a Sync at once, and one behind the data.
        (">PBDES<12nG", 1), (">PBDES<12nG>dd", 1), (">PBDES<12nG>ddc", 1), (">PBDES<12nG>ddcS", 1),
        (">PBDES<12nG>ddcS<CZ", 0), (">PBDES<12nG>ddcS<CZ>Q", 1), (">PBDES<12nG>fS<EZ", 0),
        (">PBDES<12nG>d<E>dcS<Z", 0), (">PBDES<12nG>dcS<EZ>PBDES<12TDCZ", 0),
        // Without the first one, and where it comes late.
        (">PBDEH<12nG>dcS<CZ", 0), (">PBDE<12nG>Sd", 1), (">PBDE<12nG>SdcS<CZ", 0),
        // Out to the client, and both ways.
        (">PBDES<12HddcCZ", 0), (">Q<W>d<d>c<cCZ>Q<G>dc<CZ", 0),
    ])
    func `what a server still has to answer is counted, with COPY's Syncs that it does not`(
        script: String, asked: Int32
    ) {
        #expect(with(13, 1) { relay_trial_asked(&$0, script) } == asked)
    }
}
