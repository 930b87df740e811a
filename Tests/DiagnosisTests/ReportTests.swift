import Diagnosis
import Profiles
import Testing

/// The report for a ticket, its JUnit form, and what neither may hold.
struct ReportTests {
    private static func report(
        _ name: String = "orders", message: String? = nil, outcome: TestReport.Outcome = .failed
    ) -> TestReport {
        var report = TestReport(
            profileName: name, outcome: outcome, failedStage: outcome == .failed ? .auth : nil,
            milliseconds: 41.26,
            stages: Stage.allCases.map { stage in
                StageResult(
                    stage: stage, outcome: stage < .auth ? .ok : stage == .auth ? .failed : .skipped,
                    milliseconds: 1, detail: "detail of \(stage.rawValue)")
            },
            causes: outcome == .failed
                ? [Cause(.tokenRefused, text: "AWS refused <it>", check: "look", fix: "do")] : [],
            message: message, testedAt: .init(timeIntervalSince1970: 1_795_528_800))
        report.subject = ["endpoint       h:5432"]
        return report
    }

    @Test func `a ticket has when, what with, what of, the stages, the cause and what is ruled out`() {
        let text = Self.report(message: "FATAL:  no").ticket(program: "pgfob 1.2.3")
        for words in [
            "pgfob 1.2.3, tested at 2026-11-24T14:00:00Z, profile orders", "endpoint       h:5432",
            "FAILED at 7 of 8, auth", "5 tls", "To be sure     look",
            "Ruled out      AWS credentials, DNS, network path and port, TLS and the server's certificate",
            "Server said    FATAL:  no",
        ] { #expect(text.contains(words), "\(text)") }
    }

    @Test(arguments: [
        "postgresql://u:s3cr3t@h/d", "invalid: password=s3cr3t host=h", "password='s3cr3t' x",
        "PASSWORD=s3cr3t",
        "https://h/?X-Amz-Signature=s3cr3t&a=b", "X-Amz-Security-Token=s3cr3t", "sslpassword=\"s3cr3t\"",
        "aws_secret_access_key = s3cr3t", "amqp://a:b@c://u:s3cr3t@h", "jdbc:postgresql://u:p@s3cr3t@h:5/",
    ])
    func `planted secrets are in no report, whichever way it is written`(planted: String) {
        var report = Self.report(message: SecretText.redacted(planted))
        report.subject = [planted]
        report.stages[3].detail = planted
        report.causes[0].text = planted
        #expect(!SecretText.redacted(planted).contains("s3cr3t"))
        #expect(!report.ticket(program: "pgfob").contains("s3cr3t"))
    }

    @Test(arguments: [
        "FATAL:  PAM authentication failed for user \"u\"", "a@b.example", "user=u host=h", "100%",
    ])
    func `what is no secret stays as it is`(text: String) {
        #expect(SecretText.redacted(text) == text)
    }

    @Test func `raw bytes are made visible`() {
        let text = Self.report(message: VisibleText.lines("bad \u{1b}[2J\u{7}\u{0}")).ticket(program: "pgfob")
        #expect(text.contains("\\x1b[2J\\x07\\x00"))
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
    }

    @Test func `JUnit gets a case for each profile, and no character that XML forbids`() {
        let text = JUnitReport.text([
            Self.report("a&b"), Self.report("ok", outcome: .ok), Self.report("gone", outcome: .cancelled),
            Self.report("ctrl\u{1}", message: "\u{2}"),
        ])
        #expect(
            text.contains("<testsuite name=\"pgfob\" tests=\"4\" failures=\"2\" errors=\"0\" skipped=\"1\""))
        #expect(text.contains("<testcase classname=\"pgfob\" name=\"a&amp;b\" time=\"0.041\""))
        #expect(text.contains("<failure type=\"token-refused\" message=\"AWS refused &lt;it&gt;\">"))
        #expect(text.contains("<skipped/>"))
        // The schema has the time for the suite alone.
        let dated = text.split(separator: "\n").filter { $0.contains(" timestamp=\"") }
        #expect(dated.count == 1 && dated[0].hasPrefix("<testsuite "))
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
    }

    @Test(arguments: [
        ("role \"does\" does not exist", "does", "role \"<redacted>\" <redacted> not exist"),
        ("user a may not", "a", "user <redacted> may not"),
        ("password 'abc' is bad", "abc", "password '<redacted>' is bad"),
        ("xxopen sesamexx", "open sesame", "xx<redacted>xx"), ("nothing of it", "abc", "nothing of it"),
        ("as it was", "", "as it was"),
    ])
    func `a known password is nowhere, and a short one tears no other word`(
        text: String, password: String, shown: String
    ) {
        #expect(SecretText.redacted(text, password: password) == shown)
    }

    @Test func `whose words they are is said`() {
        var report = Self.report("r", message: "FATAL: no")
        report.sqlstate = "28000"
        #expect(report.lines.contains { $0.hasPrefix(" Server said") })
        report.sqlstate = nil
        report.message = "SSL error: certificate verify failed"
        #expect(report.lines.contains { $0.hasPrefix(" libpq said") })
        report.message = "could not translate host name \"h\" to address: Name or service not known"
        #expect(report.lines.contains { $0.hasPrefix(" Resolver said") })
    }

    @Test func `a reader endpoint that leads to the writer is said`() {
        let facts = ServerFacts(version: "16.4", role: .writer, currentUser: "u")
        let reader = "orders.cluster-ro-c1x9.eu-west-1.rds.amazonaws.com"
        #expect(
            facts.sentence(endpoint: reader).contains("it is the reader endpoint: the cluster has no replica")
        )
        #expect(
            !facts.sentence(endpoint: "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com").contains("though"))
    }

    @Test(arguments: [
        #"password='it\'s-TOPSECRET' port=1"#, "password  =  TOPSECRET", "password\t=TOPSECRET",
        "password=se,TOPSECRET", "postgres://bob:pa/TOPSECRET@h/db", #"{"password": "TOPSECRET"}"#,
        "X-Amz-Signature%3DTOPSECRET%26x", #"sslpassword="a\"TOPSECRET" x"#, "password=a;TOPSECRET",
    ])
    func `a secret is found however it is written`(text: String) {
        #expect(!SecretText.redacted(text).contains("TOPSECRET"))
    }

    @Test(arguments: [
        "FATAL:  password authentication failed for user \"x\"", "fe_sendauth: no password supplied",
        "wrong password: try again",
        "could not read root certificate file \"/etc/passwd\": no certificate found",
        "https://h.example:443/a?b=c",
    ])
    func `what is no secret stays`(text: String) {
        #expect(SecretText.redacted(text) == text)
    }
}
