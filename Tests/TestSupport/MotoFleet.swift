#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Synchronization

/// Tests/Servers/moto_fleet.py: STS, RDS and instance metadata as moto answers them, with every signature verified.
package final class MotoFleet: Sendable {
    /// One for all tests of a run: it takes seconds to start. It goes with the process that started it.
    package static let shared = Result { try MotoFleet() }

    private let process: Mutex<ChildProgram>
    /// A user's keys, a role and an Aurora cluster with an instance.
    package let facts: JSONValue

    private init() throws {
        let process = try ChildProgram(
            "/usr/bin/env", [Python.program, "\(ProgramPath.repository)/Tests/Servers/moto_fleet.py"],
            environment: Python.environment, input: nil)
        try process.wait(for: "line of facts") { process.output.hasSuffix("}\n") }
        let line = process.output.split(separator: "\n").last { $0.hasPrefix("{") } ?? ""
        facts = try JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))
        self.process = Mutex(process)
    }

    package var address: String { "http://127.0.0.1:\(facts["port"]?.int ?? 0)" }
    package var keyID: String { facts["id"]?.string ?? "" }
    package var secret: String { facts["secret"]?.string ?? "" }
    package var cluster: JSONValue { facts["cluster"] ?? .null }

    /// The environment that leads there instead of to AWS.
    package var environment: [String: String] {
        [
            "AWS_ENDPOINT_URL": address, "AWS_EC2_METADATA_SERVICE_ENDPOINT": address,
            "AWS_REGION": "eu-west-1",
        ]
    }

    /// The same with the user's keys.
    package var keys: [String: String] {
        environment.merging(["AWS_ACCESS_KEY_ID": keyID, "AWS_SECRET_ACCESS_KEY": secret]) { $1 }
    }
}
