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

/// A real sshd on 127.0.0.1 for one test, with keys of its own; it takes the user who runs the tests.
package final class Bastion {
    private static let sshd = ["/usr/sbin/sshd", "/usr/local/sbin/sshd"].first { access("\($0)", X_OK) == 0 }
    /// Whether this machine has an sshd, and an ssh.
    package static let isHere = sshd != nil && access("/usr/bin/ssh", X_OK) == 0

    package let port: Int
    private let folder: TemporaryFolder
    private var child: ChildProgram

    /// Starts it.
    ///
    /// - Parameter options: further lines of its configuration, which stand over the others.
    package init(options: [String] = []) throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        for key in ["host", "other", "user"] { try Self.makeKey(folder.file(key)) }
        try Self.makeKey(folder.file("locked"), passphrase: Self.passphrase)
        let keys = ["user.pub", "locked.pub"].map { folder.read($0) ?? "" }
        try folder.write(keys.joined(), to: "authorized")
        // A root's sshd insists on its folder (sshd(8)); the package makes it at the system's start.
        if geteuid() == 0 { mkdir("/run/sshd", 0o755) }
        var (child, port): (ChildProgram?, Int) = (nil, 0)
        for trial in 1...3 {
            port = try Loopback.ownPort()
            let lines = [
                "Port \(port)", "ListenAddress 127.0.0.1", "HostKey \(folder.file("host"))",
                "AuthorizedKeysFile \(folder.file("authorized"))", "UsePAM no", "StrictModes no",
                "PidFile none",
                "PasswordAuthentication no", "KbdInteractiveAuthentication no", "LogLevel VERBOSE",
            ]
            // The first word of an option counts (sshd_config(5)).
            try folder.write((options + lines).joined(separator: "\n") + "\n", to: "sshd_config")
            do {
                child = try Self.start(folder)
                break
            } catch  where trial < 3 {}
        }
        guard let child else { throw TemporaryFolder.Failure(what: "no sshd") }
        (self.child, self.port) = (child, port)
        try folder.write(
            "[127.0.0.1]:\(port) \(folder.read("host.pub") ?? "")[127.0.0.1]:1 \(folder.read("other.pub") ?? "")",
            to: "known")
        try folder.write("[127.0.0.1]:\(port) \(folder.read("other.pub") ?? "")", to: "changed")
        try writeConfiguration()
    }

    private static func start(_ folder: TemporaryFolder) throws -> ChildProgram {
        let started = try ChildProgram(
            sshd ?? "", ["-D", "-e", "-f", folder.file("sshd_config")],
            environment: ["PATH": "/usr/bin:/bin"], input: nil)
        try started.wait(for: "sshd that listens") { started.errors.contains("Server listening") }
        return started
    }

    /// Takes no connection any more; those that are there go on.
    package func stop() throws {
        child.killHard()
        _ = try child.end(within: 60)
    }

    /// Takes connections again, at the same port; what it says begins anew.
    package func startAgain() throws { child = try Self.start(folder) }

    /// What it has said of logins.
    package var log: String { child.errors }

    /// The passphrase of the key that `locked` logs in with.
    package static let passphrase = "open sesame"

    /// What a program has to see so that its ssh reads the configuration of this bastion.
    package var environment: [String: String] {
        [
            "PATH": "\(ProgramPath.repository)/Tests/Servers/ssh:/usr/local/bin:/usr/bin:/bin",
            "PGFOB_TEST_SSH_CONFIG": folder.file("config"),
        ]
    }

    /// How many logins it has taken.
    package var logins: Int { child.errors.components(separatedBy: "Accepted publickey").count - 1 }

    /// How many logins came to nothing whose client it has seen go.
    package var refusals: Int { log.components(separatedBy: "by authenticating user").count - 1 }

    /// Hosts to name in a profile: `bastion` is right, the others are not.
    private func writeConfiguration() throws {
        let common = """
              HostName 127.0.0.1
              User \(String(cString: getpwuid(geteuid()).pointee.pw_name))
              IdentitiesOnly yes

            """
        func host(_ name: String, _ lines: [String]) -> String {
            "Host \(name)\n" + common + lines.map { "  \($0)\n" }.joined()
        }
        let (known, right) = ("UserKnownHostsFile \(folder.file("known"))", "Port \(port)")
        let user = "IdentityFile \(folder.file("user"))"
        let text = [
            host(
                "bastion",
                [right, known, user, "LocalForward 127.0.0.1:\(try Loopback.closedPort()) 127.0.0.1:1"]),
            host("locked", [right, known, "IdentityFile \(folder.file("locked"))"]),
            host("stranger", [right, known, "IdentityFile \(folder.file("other"))"]),
            host(
                "changed",
                [right, "UserKnownHostsFile \(folder.file("changed"))", "StrictHostKeyChecking yes", user]),
            host(
                "unknown",
                [right, "UserKnownHostsFile \(folder.file("none"))", "StrictHostKeyChecking ask", user]),
            host("closed", ["Port \(try Loopback.closedPort())", known, user]),
            host("behind", [right, known, user, "ProxyJump locked"]),
            host("jumped", [right, known, user, "ProxyJump bastion"]),
            host("astray", ["Port \(try Loopback.closedPort())", known, user, "ProxyJump bastion"]),
            host(
                "commanded",
                [right, known, user, "ProxyCommand ssh -F \(folder.file("config")) -W %h:%p bastion"]),
            host("forking", [right, known, user, "ForkAfterAuthentication yes"]),
        ]
        try folder.write(text.joined(), to: "config")
    }

    /// What its clients' ssh is configured by.
    package var configuration: String { folder.read("config") ?? "" }

    /// Configures its clients' ssh otherwise, at the same place.
    package func configure(_ text: String) throws { try folder.write(text, to: "config") }

    /// The port that the user's own configuration of `bastion` would forward.
    package var ownForward: Int? {
        folder.read("config")?.split(separator: "\n").first { $0.contains("LocalForward") }
            .flatMap { $0.split(separator: " ").dropFirst().first?.split(separator: ":").last }.flatMap {
                Int($0)
            }
    }

    private static func makeKey(_ path: String, passphrase: String = "") throws {
        let run = try ProgramRun(
            "/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-f", path],
            environment: ["PATH": "/usr/bin:/bin"])
        guard run.code == 0 else { throw TemporaryFolder.Failure(what: "ssh-keygen: \(run.errors)") }
    }
}
