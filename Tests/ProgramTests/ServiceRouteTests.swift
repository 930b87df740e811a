import TestSupport
import Testing

/// Profiles by service that are reached by another address or through a tunnel: every verb goes there, and nowhere else.
@Suite(.overTheFleet, .serialized, .timeLimit(.minutes(14)))
struct ServiceRouteTests {
    private static let host = "orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com"
    private static let sql = "select current_user, ssl from pg_stat_ssl where pid = pg_backend_pid()"

    private let run: FleetRun
    private let address: String

    init() throws {
        run = try FleetRun()
        address = try #require(run.fleet.value(["servers"])?[0]?["address"]?.string)
    }

    /// A service without a host, of which the port is libpq's own, and a profile for it that has.
    private func add(sslmode: String = "verify-full", _ more: String...) throws {
        let bundle = try #require(run.fleet["bundle"])
        try run.folder.write(
            """
            [svc]
            port=5432
            user=app_password
            dbname=orders
            password=correct horse battery staple
            sslmode=\(sslmode)
            sslrootcert=\(bundle)

            """, to: ".pg_service.conf")
        let added = try run.home.pgfob(
            ["add", "--name", "svc", "--auth", "service", "--service", "svc", "--host", Self.host] + more)
        #expect(added.code == 0, "\(added.errors)")
    }

    /// Through a program that leads to the dialled address, at a port that is not the service's.
    private func route() throws {
        let tunnel =
            "command \(Python.program) \(ProgramPath.repository)/Tests/Servers/stalling_tunnel.py {port} {host} "
            + "{remote_port} 0 0 \(run.folder.file("counted"))"
        #expect(try run.pgfob("edit", "svc", "--tunnel", tunnel).code == 0)
    }

    private func expectAllArrive(_ warning: String? = nil) throws {
        for words in [
            ["connect", "svc", "--", "-XAtc", Self.sql], ["exec", "svc", "--", "psql", "-XAtc", Self.sql],
        ] {
            let done = try run.home.pgfob(words)
            #expect(done.output == "app_password|t\n", "\(words) \(done)")
            #expect(warning.map { done.errors.contains($0) } ?? done.errors.isEmpty, "\(words) \(done)")
        }
        let ran = try run.pgfob("run", "svc", "--format", "csv", "-c", Self.sql)
        #expect(ran.output.contains("svc,app_password,t\n"), "\(ran)")
        #expect(ran.errors == (warning.map { "pgfob: svc: \($0)\n" } ?? ""), "\(ran)")
        let tested = try run.pgfob("test", "svc")
        #expect(tested.code == 0, "\(tested)")
        #expect(tested.output.contains("verify-full holds") == (warning != nil), "\(tested)")
        if let warning { #expect(tested.output.contains(warning), "\(tested)") }
    }

    @Test func `the service's roots are every verb's, where the profile names the host`() throws {
        try add("--dial", address)
        try expectAllArrive()
        let conninfo = try run.pgfob("conninfo", "svc").output
        #expect(conninfo.contains(" sslrootcert=\(try #require(run.fleet["bundle"])) "), "\(conninfo)")
        #expect(!conninfo.contains(" port="), "that is the service's: \(conninfo)")
        #expect(try run.pgfob("env", "svc").code == 0)
    }

    @Test func `what is dialled has its own port, although the service names one`() throws {
        try add("--dial", "\(address):5432")
        let services = run.folder.read(".pg_service.conf") ?? ""
        try run.folder.write(services.replacing("port=5432", with: "port=1"), to: ".pg_service.conf")
        try expectAllArrive()
        try run.folder.write(services, to: ".pg_service.conf")
        #expect(try run.pgfob("edit", "svc", "--dial", "127.0.0.1:15999").code == 0)
        let conninfo = try run.pgfob("conninfo", "svc").output
        #expect(
            conninfo.hasPrefix("service=svc host=\(Self.host) port=15999 ")
                && conninfo.contains(" hostaddr=127.0.0.1"), "\(conninfo)")
        let variables = try run.pgfob("exec", "svc", "--", "env").output
        #expect(variables.contains("PGPORT=15999\n") && variables.contains("PGHOSTADDR=127.0.0.1\n"))
        let exported = try run.pgfob("env", "svc").output
        #expect(
            exported.contains("export PGPORT='15999'") && !exported.contains("export PGSERVICE="),
            "\(exported)")
    }

    @Test func `a port that is the service's alone is dialled and led to`() throws {
        try add("--dial", address)
        let services = run.folder.read(".pg_service.conf") ?? ""
        try run.folder.write(services.replacing("port=5432", with: "port=15998"), to: ".pg_service.conf")
        #expect(try run.pgfob("exec", "svc", "--", "env").output.contains("PGPORT=15998\n"))
        #expect(try run.pgfob("test", "svc", "--json").output.contains("\(address):15998"))
        try route()
        let tested = try run.pgfob("test", "svc", "--json").output
        #expect(tested.contains(" to \(address):15998"), "\(tested)")
    }

    @Test func `a tunnel's near end is where every verb connects`() throws {
        try add("--dial", address)
        try route()
        try expectAllArrive()
        let variables = try run.pgfob("exec", "svc", "--", "env").output
        #expect(variables.contains("PGHOSTADDR=127.0.0.1\n") && !variables.contains("PGPORT=5432\n"))
    }

    @Test func `through a tunnel the certificate is verified whatever the service says, and that is told`()
        throws
    {
        try add(sslmode: "prefer", "--dial", address)
        #expect(!(try run.pgfob("conninfo", "svc").output.contains("sslmode")))
        try route()
        #expect(try run.pgfob("conninfo", "svc").output.contains(" sslmode=verify-full "))
        let variables = try run.pgfob("exec", "svc", "--", "env")
        #expect(variables.output.contains("PGSSLMODE=verify-full\n"))
        try expectAllArrive(
            "the service's sslmode prefer would trust the tunnel's far end: verify-full holds")
        // Roots that do not know the server: nobody gets in.
        let services = run.folder.read(".pg_service.conf") ?? ""
        let (bundle, other) = (
            try #require(run.fleet["bundle"]), try #require(run.fleet["other_bundle"])
        )
        try run.folder.write(services.replacing(bundle, with: other), to: ".pg_service.conf")
        for words in [
            ["connect", "svc", "--", "-XAtc", Self.sql], ["exec", "svc", "--", "psql", "-XAtc", Self.sql],
            ["run", "svc", "-c", Self.sql], ["test", "svc"],
        ] {
            let done = try run.home.pgfob(words)
            #expect(done.code != 0 && !done.output.contains("app_password|t"), "\(words) \(done)")
        }
    }
}
