#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Operations
import Profiles
import Secrets
import TestSupport
import Testing
import Workers

struct SessionPreparerTests {
    static let planted = [
        "PGHOST": "evil", "PGPASSWORD": "x", "PGOPTIONS": "-c x=y", "PGSERVICE": "s", "LINES": "5",
    ]

    let fixture: Fixture

    init() throws {
        fixture = try Fixture(environment: Self.planted.merging(["EDITOR": "vi"]) { $1 }, psql: "/bin/cat")
    }

    private func prepare(_ profile: Profile = Fixture.orders(), readOnly: Bool = false) throws
        -> PreparedSession
    {
        try fixture.preparer.prepare(profile, readOnly: readOnly, now: Fixture.now)
    }

    /// What a reader of the password file in memory sees.
    private func contents(of session: PreparedSession) throws -> String {
        let passfile = try #require(session.passfile)
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = pread(passfile.readOnlyDescriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    @Test func `the token is in the memory file and neither in argv nor in the environment`() throws {
        let session = try prepare()
        let line = try contents(of: session)
        #expect(line.hasPrefix("orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com:5432:*:iam_dba:"))
        let open = session.command.arguments + session.command.environment.map { "\($0.key)=\($0.value)" }
        #expect(open.allSatisfy { !$0.contains("X-Amz") && !$0.contains(Fixture.secret) })
        #expect(session.command.environment["PGPASSWORD"] == nil)
    }

    @Test func `a code that is typed late takes nothing of the connection's time`() throws {
        let server = try IdentityServer()
        let fixture = try Fixture(environment: server.environment, psql: "/bin/cat")
        try fixture.folder.write(
            """
            [profile mfa]
            region = eu-west-1
            role_arn = arn:aws:iam::1:role/M
            source_profile = acme
            mfa_serial = arn:aws:iam::1:mfa/jo

            """, to: "config")
        var options = SignerOptions(timeout: .seconds(5))
        let end = options.wait.deadline
        options.askCode = { _ in
            while ContinuousClock.now < end { poll(nil, 0, 50) }
            return "123456"
        }
        let profile = Fixture.orders {
            $0.awsProfile = "mfa"
            $0.dial = "localhost"
        }
        let session = try fixture.preparer.prepare(
            profile, readOnly: false, now: Fixture.now, options: options)
        #expect(Self.conninfo(session)?.contains("hostaddr=") == true)
        #expect(try server.requests().last?["TokenCode"]?.string == "123456")
    }

    @Test func `colons and backslashes of the token are escaped as libpq reads them`() throws {
        let session = try prepare()
        let line = try contents(of: session).split(separator: "\n").first.map(String.init) ?? ""
        let fields = line.replacing("\\:", with: "\u{1}").split(
            separator: ":", omittingEmptySubsequences: false)
        #expect(fields.count == 5)
        #expect(fields.last?.contains("com\u{1}5432/?Action=connect") == true)
    }

    @Test func `the memory file is regular, mode 0600, and its handed-over end cannot be written`() throws {
        let session = try prepare()
        let descriptor = try #require(session.passfile).readOnlyDescriptor
        var status = stat()
        #expect(fstat(descriptor, &status) == 0)
        #expect(status.st_mode & S_IFMT == S_IFREG && status.st_mode & 0o777 == 0o600)
        #expect(write(descriptor, "x", 1) == -1)
        #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
    }

    @Test func `a renewal replaces the line whole in a file of the same size`() throws {
        let session = try prepare()
        let passfile = try #require(session.passfile)
        let before = try contents(of: session)
        #expect(passfile.write(Secret("h:1:*:u:short\n")))
        let after = try contents(of: session)
        #expect(after.utf8.count == before.utf8.count)
        #expect(after.split(separator: "\n") == ["h:1:*:u:short"])
    }

    /// What psql is told to connect to.
    private static func conninfo(_ session: PreparedSession) -> String? {
        let option = "--dbname="
        let word = session.command.arguments.first { $0.hasPrefix(option) }
        return word.map { String($0.dropFirst(option.count)) }
    }

    @Test func `the conninfo names host, port, sslmode, sslrootcert, dbname, user in that order`() throws {
        let session = try prepare()
        let conninfo = try #require(Self.conninfo(session))
        let keywords = conninfo.split(separator: " ").compactMap { $0.split(separator: "=").first }
        #expect(
            keywords == [
                "host", "port", "sslmode", "sslrootcert", "dbname", "user", "keepalives_count",
                "keepalives_idle", "keepalives_interval", "passfile",
            ])
        #expect(conninfo.contains("sslmode=verify-full"))
    }

    @Test
    func `psql keeps its connection alive unless the profile says how, and what is shown says nothing of it`()
        throws
    {
        let quiet = try #require(Self.conninfo(prepare()))
        #expect(quiet.contains("keepalives_count=3 keepalives_idle=60 keepalives_interval=10"))
        let own = Fixture.orders {
            $0.parameters = ["keepalives_idle": "300", "target_session_attrs": "any"]
        }
        let words = try #require(Self.conninfo(prepare(own)))
        #expect(
            words.contains(
                "keepalives_count=3 keepalives_idle=300 keepalives_interval=10 target_session_attrs=any"))
        #expect(try !fixture.preparer.conninfo(Fixture.orders()).keywordText.contains("keepalives"))
        let other = try fixture.preparer.prepare(
            program: ["/bin/cat"], Fixture.orders(), readOnly: false, now: Fixture.now)
        #expect(other.warnings.isEmpty)
    }

    @Test func `variables of libpq that would change the connection do not reach psql`() throws {
        let environment = try prepare().command.environment
        #expect(Self.planted.keys.allSatisfy { environment[$0] == nil })
        #expect(environment["EDITOR"] == "vi")
        #expect(environment["PGAPPNAME"] == "pgfob/orders")
    }

    @Test
    func `an address that swallows packets keeps psql for half a minute, or as long as the profile says`()
        throws
    {
        #expect(try prepare().command.environment["PGCONNECT_TIMEOUT"] == "30")
        let own = Fixture.orders { $0.connectTimeout = 7 }
        #expect(try prepare(own).command.environment["PGCONNECT_TIMEOUT"] == nil)
        #expect(try Self.conninfo(prepare(own))?.contains("connect_timeout=7") == true)
    }

    @Test func `a read-only session says so to the server, unless it is a proxy that refuses options`() throws
    {
        let plain = try prepare(readOnly: true)
        #expect(Self.conninfo(plain)?.contains("default_transaction_read_only=on") == true)
        let proxy = Fixture.orders { $0.host = "p.proxy-c1x9abcdefgh.eu-west-1.rds.amazonaws.com" }
        #expect(try Self.conninfo(prepare(proxy, readOnly: true))?.contains("options=") == false)
    }

    @Test func `a dialled address becomes hostaddr and port, and the host stays for TLS`() throws {
        let session = try prepare(Fixture.orders { $0.dial = "127.0.0.1:15432" })
        let conninfo = try #require(Self.conninfo(session))
        #expect(conninfo.contains("host=orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com port=15432"))
        #expect(conninfo.contains("hostaddr=127.0.0.1"))
        // The token is signed for the endpoint's own port all the same.
        #expect(try contents(of: session).contains("com\\:5432/?Action"))
        #expect(try contents(of: session).contains("com:15432:*:"))
    }

    @Test func `a missing CA bundle is told before any token is made`() throws {
        let profile = Fixture.orders { $0.sslrootcert = fixture.folder.file("missing.pem") }
        let refusal = #expect(throws: Refusal.self) {
            try fixture.preparer.prepare(profile, readOnly: false, now: Fixture.now)
        }
        #expect(refusal?.cause == .caMissing)
        #expect(refusal?.line.contains("missing.pem") == true)
    }

    @Test func `a psql that is not there is told with what to do`() throws {
        let fixture = try Fixture(psql: "/no/such/psql")
        let refusal = #expect(throws: Refusal.self) {
            try fixture.preparer.prepare(Fixture.orders(), readOnly: false, now: Fixture.now)
        }
        #expect(refusal?.line.contains("/no/such/psql") == true)
    }

    @Test func `the lines of env are quoted for a shell and hold the token`() throws {
        let lines = try fixture.preparer
            .environmentLines(Fixture.orders { $0.database = "o'rders" }, now: Fixture.now).reveal()
            .split(separator: "\n").map(String.init)
        #expect(
            lines.map { $0.prefix { $0 != "=" } } == [
                // Those of the surroundings alone.
                "unset PGSERVICE", "export RDSHOST", "export PGHOST", "export PGPORT",
                "export PGUSER", "export PGDATABASE",
                "export PGSSLMODE", "export PGSSLROOTCERT", "export PGPASSWORD",
            ])
        #expect(lines.contains("export PGDATABASE='o'\\''rders'"))
        #expect(lines.last?.contains("X-Amz-Signature=") == true)
    }
}
