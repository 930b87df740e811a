import Profiles
import Workers

/// Which program carries a tunnel, by argv, and when it is ready. Nothing of it is secret.
struct CarrierCommand: Sendable {
    /// What tells that connections can be made.
    enum Readiness: Sendable, Hashable {
        /// ssh has logged in and listens at its control socket.
        case file(String)
        /// The program says so.
        case line(String)
        /// Something takes connections at the port.
        case port(Int)
    }

    var arguments: [String]
    var readiness: Readiness

    /// - Parameters:
    ///   - asks: whether somebody answers its questions.
    ///   - isOld: whether ssh does not know ``newOptions``.
    /// - Throws: ``TunnelFailure`` of kind `missing` where the program is not there.
    init(
        _ plan: TunnelPlan, port: Int, control: String, seconds: Int, asks: Bool, isOld: Bool,
        environment: [String: String]
    ) throws(TunnelFailure) {
        switch plan.definition {
        case .ssh(let destination, let sshPort):
            arguments = Self.master(destination, sshPort, control, seconds, asks, isOld)
            readiness = .file(control)
        case .ssm(let target, _, _):
            arguments = Self.session(target, plan, port)
            readiness = .line("Waiting for connections")
        case .command(let words):
            arguments = words.map { word in
                word.replacing("{port}", with: String(port)).replacing("{host}", with: plan.host)
                    .replacing("{remote_port}", with: String(plan.port))
            }
            readiness = .port(port)
        case .named(let name):
            throw TunnelFailure(.missing, "the tunnel \(name) was not looked up")
        }
        let name = arguments[0]
        guard let program = ProgramFinder(environment: environment).program(name),
            ProgramFinder.isExecutable(program)
        else { throw TunnelFailure(.missing, "\(DialAddress.shown(name)) was not found") }
        arguments[0] = program
    }

    /// What an ssh before OpenSSH 8.7, and one before 8.5, does not know; such a word ends it.
    static let newOptions = [stays, verbose].map { $0.split(separator: "=")[0] }
    /// Else an ssh of the user's configuration would go away from the program that ends it.
    private static let stays = "ForkAfterAuthentication=no"
    /// Has ssh say, of what would need the level DEBUG1 else, which connection has ended (``BastionWords``).
    private static let verbose = "LogVerbose=channels.c:channel_free():*"

    /// The connection that all tunnels through a bastion share. What the user's own configuration would forward is
    /// left out, and it stays in the foreground, so that its end is seen (ssh_config(5)).
    private static func master(
        _ destination: String, _ port: Int?, _ control: String, _ seconds: Int, _ asks: Bool, _ isOld: Bool
    ) -> [String] {
        var arguments = ["ssh", "-M", "-S", control, "-N", "-T", "-x", "-a"]
        let options = [
            "ClearAllForwardings=yes", "ControlPersist=no", "PermitLocalCommand=no", "RemoteCommand=none",
            "ServerAliveInterval=15", "ServerAliveCountMax=3", "ConnectTimeout=\(seconds)",
        ]
        let levels = isOld ? ["LogLevel=DEBUG1"] : [stays, verbose, "LogLevel=INFO"]
        // With nobody to ask, ssh fails at once instead of looking for a terminal.
        let batch = asks ? [] : ["BatchMode=yes"]
        for option in options + levels + batch { arguments += ["-o", option] }
        if let port { arguments += ["-p", String(port)] }
        return arguments + ["--", destination]
    }

    /// Tells a running ssh to begin or to end a forwarding; the user's configuration has no say in it.
    static func control(
        _ verb: String, _ forward: String, control: String, environment: [String: String]
    ) -> [String] {
        let ssh = ProgramFinder(environment: environment).program("ssh") ?? "ssh"
        return [
            ssh, "-F", "/dev/null", "-S", control, "-O", verb, "-L", forward, "--", "bastion",
        ]
    }

    /// Port forwarding to a remote host (AWS Systems Manager, "Start a session").
    private static func session(_ target: String, _ plan: TunnelPlan, _ port: Int) -> [String] {
        let parameters = JSONText.object([
            .init("host", .array([.string(plan.host)])),
            .init("portNumber", .array([.string(String(plan.port))])),
            .init("localPortNumber", .array([.string(String(port))])),
        ])
        var arguments = [
            "aws", "ssm", "start-session", "--target", target, "--document-name",
            "AWS-StartPortForwardingSessionToRemoteHost", "--parameters", parameters.text,
        ]
        if let awsProfile = plan.awsProfile { arguments += ["--profile", awsProfile] }
        if let region = plan.region { arguments += ["--region", region] }
        return arguments
    }
}
