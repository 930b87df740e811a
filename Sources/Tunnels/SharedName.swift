#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Workers

/// Which logins are the same, so that one does for several programs: those of which ssh's configuration, as ssh itself
/// resolves it, and what else decides who logs in where, are equal.
enum SharedName {
    /// What ssh, and the programs by which it reaches a host, look for in the environment. No secret is among them: the
    /// name of a file shows something of what it was made of.
    private static let variables = [
        "HOME", "SSH_AUTH_SOCK", "SSH_SK_PROVIDER", "KRB5CCNAME", "KRB5_CONFIG", "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE", "AWS_ACCESS_KEY_ID",
    ]
    private static let patience: Duration = .seconds(10)

    /// A word that equal logins have in common.
    ///
    /// - Returns: nil where ssh does not say how it would log in.
    static func of(_ destination: String, _ port: Int?, environment: [String: String]) -> String? {
        guard let ssh = ProgramFinder(environment: environment).program("ssh") else { return nil }
        let arguments = [ssh, "-G"] + (port.map { ["-p", String($0)] } ?? []) + ["--", destination]
        let wait = Wait(deadline: .now + patience, cancellation: Cancellation())
        let asked = HelperProcess(arguments: arguments, environment: environment).run(wait)
        guard case .ended(0, let resolved, _) = asked else { return nil }
        // A port that ssh listens at is one of the network that the program is in.
        let network = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
        let words = [ssh, network ?? ""] + variables.map { environment[$0] ?? "" }
        let hash = fingerprint(resolved + words.joined(separator: "\0").utf8)
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// FNV-1a (draft-eastlake-fnv): the same in every process, which Swift's own hash is not.
    private static func fingerprint(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
