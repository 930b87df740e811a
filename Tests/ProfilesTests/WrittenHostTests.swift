import Profiles
import Testing

/// Hosts as people write them, and what earlier versions have saved of them.
struct WrittenHostTests {
    private static let rds = "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com"

    @Test(arguments: [
        ("\(rds).", rds), ("\(rds):5433", nil), ("[::1]", "::1"), ("fe80::1", "fe80::1"),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.1"), ("/var/run/pg:sql", "/var/run/pg:sql"), ("h", "h"),
        ("h.", "h"),
        ("a:b:c", nil), ("a..b", nil), (".a", nil), ("arn:aws:rds:eu-west-1:1:db:x", nil), ("1::2::3", nil),
    ])
    func `a field takes one host, without brackets and without the dot at its end`(
        text: String, host: String?
    ) {
        var profile = Profile(name: "p", host: "before")
        let problem: FieldProblem?
        do throws(FieldProblem) {
            try profile.set(.host, to: text)
            problem = nil
        } catch {
            problem = error
        }
        #expect(profile.host == host ?? "before")
        #expect((problem == nil) == (host != nil), "\(problem?.message ?? "")")
    }

    @Test func `a refusal names what was typed and what to do`() {
        var profile = Profile()
        for (text, says) in [
            (
                "h.example:5433",
                "\"h.example:5433\" has a port in it: give the host alone, and 5433 as its port"
            ),
            ("arn:aws:rds:x:1:db:y", "is an ARN and no host name: give the endpoint"),
            ("a:b:c", "\"a:b:c\" is not a host name"),
        ] {
            let problem = #expect(throws: FieldProblem.self) { try profile.set(.host, to: text) }
            #expect(problem?.message.contains(says) == true, "\(problem?.message ?? "")")
        }
    }

    @Test func `a port behind libpq's host is its port, where no other is said`() {
        for (settings, host, port) in [
            (["host": "h.example:5433"], "h.example", "5433"),
            (["host": "h.example:5433", "port": "5433"], "h.example", "5433"),
            (["host": "[::1]:5433", "port": ""], "::1", "5433"),
            (["host": "h.example:5433", "port": "6000"], "h.example:5433", "6000"),
        ] {
            var settled = settings
            let notes = WrittenHost.settle(&settled)
            #expect(settled == ["host": host, "port": port])
            #expect(notes == (port == "5433" ? ["port 5433 taken from the host"] : []))
        }
        var (none, plain) = ([String: String](), ["host": "h.example"])
        #expect(WrittenHost.settle(&none).isEmpty && none.isEmpty)
        #expect(WrittenHost.settle(&plain).isEmpty && plain == ["host": "h.example"])
    }

    @Test(arguments: ["\(rds):5433", "a:b:c", "arn:aws:rds:eu-west-1:1:cluster:x"])
    func `what an earlier version has saved is at fault by its host, and nothing else of it`(host: String) {
        var profile = Profile(name: "old", host: host)
        (profile.user, profile.region) = ("jo", Region(rawValue: "eu-west-1"))
        let problem = #expect(throws: ProfileProblem.self) { try profile.signingTarget(defaultRegion: nil) }
        #expect(problem?.kind == .hostInvalid && problem?.message.contains(host) == true)
        #expect(profile.problems().map(\.field) == [.host])
        #expect(profile.problems().first?.severity == .error && profile.text(of: .host) == host)
    }

    @Test func `the dot of an earlier version's host is in no token, and no reason to refuse it`() throws {
        var profile = Profile(name: "old", host: "\(Self.rds).")
        profile.user = "jo"
        #expect(try profile.signingTarget(defaultRegion: nil).host == Self.rds)
        #expect(profile.problems().isEmpty && profile.conninfo()["host"] == Self.rds)
        profile.signingHost = "\(Self.rds).:5433"
        let target = try profile.signingTarget(defaultRegion: nil)
        #expect(target.host == Self.rds && target.port == 5433)
    }

    @Test func `an address that is dialled stands in the conninfo, with its port`() {
        var profile = Profile(name: "p", host: "h.example")
        for (dial, hostaddr, port) in [
            ("10.0.0.7", "10.0.0.7", "5432"), ("[::1]:6000", "::1", "6000"),
            ("bastion.example:6000", nil, "5432"),
        ] {
            profile.dial = dial
            let conninfo = profile.conninfo(at: profile.knownAddress)
            #expect(conninfo["hostaddr"] == hostaddr && conninfo["port"] == port)
        }
        (profile.dial, profile.tunnel) = ("10.0.0.7", "ssh bastion")
        #expect(profile.knownAddress == nil)
    }
}
