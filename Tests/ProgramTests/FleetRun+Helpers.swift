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
}

extension FleetRun {
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
}

/// The programs that a run has started for its tunnels.
extension FleetRun {
    /// Those of this test, by the mark in their environment.
    func helpers() -> [pid_t] {
        let mark = Array("PGFOB_RUN=\(folder.path)/".utf8)
        return (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { pid_t($0) }
            .filter { pid in
                FileManager.default.contents(atPath: "/proc/\(pid)/environ")?.split(separator: 0)
                    .contains { $0.starts(with: mark) } == true
            } ?? []
    }

    static func name(of pid: pid_t) -> String? {
        FileManager.default.contents(atPath: "/proc/\(pid)/comm").map {
            String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .newlines)
        }
    }
}
