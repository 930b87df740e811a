import TestSupport

/// OpenSSL's own TLS server with a certificate, and a listener before it that answers SSLRequest as PostgreSQL
/// does.
final class TLSServer {
    struct Failure: Error {}

    private let process: ChildProgram
    private let listener: FaultListener
    var port: Int { listener.port }
    var accepted: Int { listener.accepted }

    init(certificate: String, key: String) throws {
        process = try ChildProgram(
            TrialAuthority.openssl ?? "openssl",
            ["s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key], environment: [:],
            input: nil)
        var line: Substring?
        try process.wait(for: "address") { [process] in
            let lines = process.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            line = lines.first { $0.hasPrefix("ACCEPT ") }
            return line != nil
        }
        guard let port = line?.split(separator: ":").last.flatMap({ Int($0) }) else { throw Failure() }
        listener = try FaultListener([.read, .send(Wire.acceptsTLS), .splice(port: port)])
    }
}
