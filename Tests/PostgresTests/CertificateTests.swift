import Diagnosis
import Postgres
import Profiles
import TestSupport
import Testing

/// libpq's text is the same for an expired certificate and for an unknown authority: what is told apart here is
/// told by OpenSSL.
@Suite(
    .enabled(if: TrialAuthority.openssl != nil, "openssl is not installed"), .timeLimit(.minutes(14)))
struct CertificateTests {
    private static let host = "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com"

    struct Case: Sendable, CustomTestStringConvertible {
        var host = CertificateTests.host
        var from = "20200101000000Z"
        var until = "20990101000000Z"
        var trusted = true
        var code: CauseCode
        /// What the cause's text has to name.
        var names: String
        var testDescription: String { code.rawValue }
    }

    @Test(arguments: [
        Case(until: "20210203040506Z", code: .certExpired, names: "2021-02-03T04:05:06Z"),
        Case(from: "20980101000000Z", code: .certNotYetValid, names: "2098-01-01T00:00:00Z"),
        Case(trusted: false, code: .caUnknown, names: "/CN=Stranger"),
        Case(host: "other.example", code: .certNameMismatch, names: "other.example"),
    ])
    func `a certificate is refused for what is wrong with it, and no secret goes out`(wrong: Case) throws {
        let folder = try TemporaryFolder()
        let ours = try TrialAuthority("Ours", in: folder)
        let issuer = wrong.trusted ? ours : try TrialAuthority("Stranger", in: folder)
        let files = try issuer.issue(wrong.host, from: wrong.from, until: wrong.until)
        let server = try TLSServer(certificate: files.certificate, key: files.key)
        let trial = Trial(Self.plan(server.port, roots: ours.roots))
        #expect(trial.causes.first?.code == wrong.code)
        #expect(trial.causes.first?.text.contains(wrong.names) == true)
        #expect(trial.failedStage == .tls)
    }

    @Test func `a root that has ended is told from a server's certificate that has`() throws {
        let folder = try TemporaryFolder()
        let ours = try TrialAuthority("Ours", in: folder, until: "20220304050607Z")
        let files = try ours.issue(Self.host, from: "20200101000000Z", until: "20990101000000Z")
        let server = try TLSServer(certificate: files.certificate, key: files.key)
        let cause = try #require(Trial(Self.plan(server.port, roots: ours.roots)).causes.first)
        #expect(cause.code == .certExpired)
        #expect(cause.text.contains("the root /CN=Ours in the CA bundle expired at 2022-03-04T05:06:07Z"))
        #expect(cause.remedy == .fetchBundle)
    }

    @Test func `what OpenSSL says of a certificate is said, whatever it is`() throws {
        let folder = try TemporaryFolder()
        let ours = try TrialAuthority("Ours", in: folder)
        let files = try ours.issue(
            Self.host, from: "20200101000000Z", until: "20990101000000Z", usage: "clientAuth")
        let server = try TLSServer(certificate: files.certificate, key: files.key)
        let trial = Trial(Self.plan(server.port, roots: ours.roots))
        let cause = try #require(trial.causes.first)
        #expect(trial.causes.count == 1 && trial.failedStage == .tls)
        #expect(cause.text.contains("/CN=leaf") && cause.text.contains("purpose"), "\(cause.text)")
    }

    @Test func `a part of a bundle that lacks the root is judged by the whole of it`() throws {
        let folder = try TemporaryFolder()
        let ours = try TrialAuthority("Ours", in: folder)
        let other = try TrialAuthority("Other", in: folder)
        let files = try ours.issue(Self.host, from: "20200101000000Z", until: "20990101000000Z")
        let server = try TLSServer(certificate: files.certificate, key: files.key)
        var plan = Self.plan(server.port, roots: other.roots)
        plan.judgedBy = ours.roots
        #expect(Trial(plan).result.observation?.certificate == .good)
        plan.judgedBy = other.roots
        #expect(Trial(plan).causes.first?.code == .caUnknown)
    }

    @Test func `a good certificate lets the login go on to the server`() throws {
        let folder = try TemporaryFolder()
        let ours = try TrialAuthority("Ours", in: folder)
        let files = try ours.issue(Self.host, from: "20200101000000Z", until: "20990101000000Z")
        let server = try TLSServer(certificate: files.certificate, key: files.key)
        // What is behind TLS here says nothing: the login waits for it.
        let trial = Trial(Self.plan(server.port, roots: ours.roots), timeout: .seconds(2))
        #expect(trial.causes.first?.code == .authTimeout)
        let tls = try #require(trial.ended.first { $0.stage == .tls })
        #expect(tls.outcome == .ok)
        #expect(tls.detail.contains("TLSv1.3"))
        #expect(tls.detail.contains("certificate good for "))
    }

    @Test func `a bundle that is missing or holds no certificate is named`() throws {
        let folder = try TemporaryFolder()
        let ours = try TrialAuthority("Ours", in: folder)
        let files = try ours.issue(Self.host, from: "20200101000000Z", until: "20990101000000Z")
        let server = try TLSServer(certificate: files.certificate, key: files.key)
        let empty = try folder.write("not a certificate\n", to: "empty.pem")
        for (roots, code) in [(folder.file("nowhere.pem"), CauseCode.caMissing), (empty, .caUnreadable)] {
            let trial = Trial(Self.plan(server.port, roots: roots))
            #expect(trial.causes.first?.code == code)
            #expect(trial.causes.first?.text.contains(roots) == true)
        }
    }

    private static func plan(_ port: Int, roots: String) -> LoginPlan {
        Trial.plan(
            [
                ("host", host), ("hostaddr", "127.0.0.1"), ("port", String(port)), ("sslmode", "verify-full"),
                ("sslrootcert", roots), ("user", "u"), ("dbname", "d"),
            ], password: "open sesame", auth: .iam)
    }
}
