#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Tests/Servers/identity.py: what moto lacks, with answers that follow from the questions.
package final class IdentityServer {
    private let process: ChildProgram
    private let folder: TemporaryFolder
    package let port: Int
    private let scheme: String

    /// - Parameters:
    ///   - certificate: for TLS: certificate and key.
    ///   - role: the key, the secret and the session that AssumeRole gives; made up from the question where nil.
    ///   - ahead: seconds that its clock is ahead; it is strict about signatures' times then.
    package init(
        certificate: (certificate: String, key: String)? = nil, role: [String]? = nil, ahead: Int = 0
    ) throws {
        folder = try TemporaryFolder()
        var arguments = [
            Python.program, "\(ProgramPath.repository)/Tests/Servers/identity.py", folder.file("log"),
        ]
        if let certificate { arguments += [certificate.certificate, certificate.key] }
        process = try ChildProgram(
            "/usr/bin/env", arguments,
            environment: Python.environment.merging([
                "IDENTITY_AHEAD": String(ahead), "IDENTITY_ROLE": role?.joined(separator: " ") ?? "",
            ]) { $1 }, input: nil)
        try process.wait(for: "port") { [process] in process.output.hasSuffix("\n") }
        port = Int(process.output.split(separator: "\n").first ?? "") ?? 0
        scheme = certificate == nil ? "http" : "https"
    }

    /// By name where a certificate has to match.
    package var address: String {
        scheme == "http" ? "http://127.0.0.1:\(port)" : "https://localhost:\(port)"
    }

    /// The environment that leads there instead of to AWS.
    package var environment: [String: String] {
        ["AWS_ENDPOINT_URL": address, "AWS_EC2_METADATA_SERVICE_ENDPOINT": address]
    }

    /// What was asked so far, the secrets left out; a question stands there before it is answered.
    package func requests() throws -> [JSONValue] {
        try (folder.read("log") ?? "").split(separator: "\n").map {
            try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8))
        }
    }
}
