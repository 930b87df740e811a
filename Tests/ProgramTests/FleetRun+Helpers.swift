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
import TestSupport
import Testing

extension FleetRun {
    /// Has orders-stg go through a tunnel.
    func route(by tunnel: String) throws {
        let edited = try pgfob("edit", "orders-stg", "--tunnel", tunnel)
        #expect(edited.code == 0, "\(edited.errors)")
    }

    /// Has the palette open a proxy for the selected profile.
    func openProxy(on terminal: PseudoTerminal) throws {
        try terminal.send(":")
        try terminal.waitFor("connect")
        try terminal.send("proxy")
        try terminal.waitFor("let any tool")
        try terminal.press(.enter)
    }

    /// What the writer of orders says to the one who may do everything there.
    @discardableResult
    func administer(_ sql: String, database: String = "postgres") throws -> String {
        let server = try #require(fleet.value(["servers"])?[0])
        let folder = try #require(server["folder"]?.string)
        let done = try ProgramRun(
            "/usr/bin/psql", ["host=\(folder) user=rdsadmin dbname=\(database)", "-wXAtqc", sql],
            environment: ["PATH": "/usr/bin:/bin", "HOME": self.folder.path])
        #expect(done.code == 0, "\(sql): \(done.errors)")
        return done.output
    }

    /// The programs that this test's pgfob have started for tunnels.
    func helpers(named name: String? = nil) -> [pid_t] {
        HelperProcess.all(of: folder.path).filter { name == nil || $0.name == name }.map(\.pid)
    }
}
