#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import TLS
import TestSupport

/// Tests/Servers/identity.py: what moto lacks, with answers that follow from the questions.
final class IdentityServer {
    private let process: ChildProgram
    let port: Int
    private let scheme: String

    /// - Parameter certificate: for TLS: certificate and key.
    init(certificate: (certificate: String, key: String)? = nil) throws {
        var arguments = [Botocore.python, "\(ProgramPath.repository)/Tests/Servers/identity.py"]
        if let certificate { arguments += [certificate.certificate, certificate.key] }
        process = try ChildProgram(
            "/usr/bin/env", arguments, environment: Botocore.environment, input: nil)
        try process.wait(for: "port") { [process] in process.output.hasSuffix("\n") }
        port = Int(process.output.split(separator: "\n").first ?? "") ?? 0
        scheme = certificate == nil ? "http" : "https"
    }

    /// By name where a certificate has to match.
    var address: String { scheme == "http" ? "http://127.0.0.1:\(port)" : "https://localhost:\(port)" }

    /// The environment that leads there instead of to AWS.
    var environment: [String: String] {
        ["AWS_ENDPOINT_URL": address, "AWS_EC2_METADATA_SERVICE_ENDPOINT": address]
    }

    /// What was asked so far.
    ///
    /// - Parameter bundle: the roots, where it speaks TLS.
    func requests(bundle: String? = nil) throws -> [JSONValue] {
        let client = HTTPClient(environment: EnvironmentValues([:]), bundle: bundle)
        let response = try client.send(
            HTTPRequest("GET", HTTPAddress("\(address)/requests") ?? HTTPAddress(host: "")),
            options: HTTPOptions(bodyLimit: 50_000_000),
            wait: Wait(deadline: .now + .seconds(20), cancellation: Cancellation()))
        return try response.text.split(separator: "\n").map {
            try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8))
        }
    }
}
