#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Tests/Servers/rds.py: the RDS API with any number of clusters, pages, throttling and closed regions.
package final class RDSServer {
    private let process: ChildProgram
    package let port: Int

    package init(clusters: Int = 3) throws {
        process = try ChildProgram(
            "/usr/bin/env",
            [
                Python.program, "\(ProgramPath.repository)/Tests/Servers/rds.py", "--clusters",
                String(clusters),
            ],
            environment: Python.environment, input: nil)
        try process.wait(for: "port") { [process] in process.output.hasSuffix("\n") }
        port = try JSONDecoder().decode(JSONValue.self, from: Data(process.output.utf8))["port"]?.int ?? 0
    }

    /// The environment that leads there, with keys and a region.
    package var environment: [String: String] {
        [
            "AWS_ENDPOINT_URL": "http://127.0.0.1:\(port)", "AWS_ACCESS_KEY_ID": "AK",
            "AWS_SECRET_ACCESS_KEY": "planted", "AWS_REGION": "eu-west-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        ]
    }

    /// Changes how it answers; `state` is the JSON that the server's head explains.
    package func control(_ state: String) throws {
        let script =
            "import sys, urllib.request as u; u.urlopen(u.Request(sys.argv[1], data=sys.argv[2].encode(), method='POST')).read()"
        let run = try ProgramRun(
            "/usr/bin/env", [Python.program, "-c", script, "http://127.0.0.1:\(port)/control", state],
            environment: Python.environment)
        guard run.code == 0 else { throw TemporaryFolder.Failure(what: run.errors) }
    }
}
