import Foundation
import TestSupport

/// OpenSSL's own TLS server with a certificate, and a listener before it that answers SSLRequest as PostgreSQL
/// does.
final class TLSServer {
    struct Failure: Error {}

    private let process = Process()
    private let input = Pipe()
    private let listener: FaultListener
    var port: Int { listener.port }
    var accepted: Int { listener.accepted }

    init(certificate: String, key: String) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: TrialAuthority.openssl ?? "openssl")
        process.arguments = ["s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var said = ""
        while !said.contains("ACCEPT ") || !said.hasSuffix("\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Failure() }
            said += String(decoding: more, as: UTF8.self)
        }
        let line = said.split(separator: "\n").first { $0.hasPrefix("ACCEPT ") }
        guard let port = line?.split(separator: ":").last.flatMap({ Int($0) }) else { throw Failure() }
        listener = try FaultListener([.read, .send(Wire.acceptsTLS), .splice(port: port)])
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
    }
}
