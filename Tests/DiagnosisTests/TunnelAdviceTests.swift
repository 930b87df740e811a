import Diagnosis
import Profiles
import Testing

/// What helps a tunnel depends on what it is.
struct TunnelAdviceTests {
    @Test(arguments: [
        ("ssh bastion", CauseCode.tunnelAuth, "Permission denied (publickey)", "ssh key"),
        ("ssh bastion", .tunnelAuth, "nobody can be asked: Enter passphrase for key 'k':", "ssh-add"),
        ("ssh bastion", .tunnelRefused, "connect to host jump port 22: Connection refused", "its sshd runs"),
        (
            "ssh bastion", .tunnelRefused, "open failed: connect failed: Connection reset by peer",
            "security group"
        ),
        ("ssh bastion", .tunnelRefused, "channel 1: open failed: administratively prohibited", "PermitOpen"),
        (
            "ssh bastion", .tunnelTimeout, "pgfob 7 on /dev/pts/1 is asked: Enter passphrase for key 'k'",
            "answer it there"
        ),
        ("ssh bastion", .tunnelTimeout, "no answer within 30.0 seconds", "the VPN"),
        (
            "ssh bastion", .tunnelTimeout, "Could not resolve hostname bastion: Name or service not known",
            "correct the bastion's name"
        ),
        (
            "ssh bastion", .tunnelRefused,
            "the jump host does not reach the bastion: connect failed: Connection refused",
            "the jump host may"
        ),
        ("ssh bastion", .tunnelRefused, "ssh bastion was killed by signal 9", "try again"),
        (
            "ssh bastion", .tunnelRefused,
            "what ssh forwards cannot be noted in /run/x: No space left on device", "make room"
        ),
        ("ssh bastion", .tunnelMissing, "ssh: No such file or directory", "install ssh"),
        ("ssm i-0abc", .tunnelAuth, "Unable to locate credentials", "log in to AWS"),
        (
            "ssm i-0abc", .tunnelTimeout, "An error occurred (TargetNotConnected) when calling",
            "its SSM agent"
        ),
        ("ssm i-0abc", .tunnelTimeout, "Could not connect to the endpoint URL", "the tunnel's region"),
        ("ssm i-0abc", .tunnelRefused, "EOF", "the instance's SSM agent"),
        ("ssm i-0abc", .tunnelRefused, "Connection to destination port failed", "rule for the instance"),
        (
            "ssm i-0abc", .tunnelMissing, "SessionManagerPlugin is not found",
            "install the Session Manager plugin"
        ),
        ("ssm i-0abc", .tunnelMissing, "aws was not found", "install the AWS CLI"),
        (
            "command false {port}", .tunnelRefused, "command false ended with 1",
            "the program or its arguments"
        ),
        ("command nc {port}", .tunnelRefused, "nc ended with 0", "stay in the foreground"),
        ("command nc {port}", .tunnelRefused, "/bin/nc cannot be started: Too many open files", "allow more"),
        ("command nc {port}", .tunnelTimeout, "no answer", "listens on 127.0.0.1"),
        (
            "command nope {port}", .tunnelMissing, "nope: No such file or directory",
            "correct the profile's tunnel"
        ),
    ])
    func `nobody is sent to a bastion that there is not`(
        tunnel: String, code: CauseCode, words: String, fix: String
    ) throws {
        let cause = CauseFinder.cause(code, message: words, tunnel: try TunnelDefinition(tunnel))
        #expect(cause.fix.contains(fix) && cause.text == words)
        let names = ["bastion", "ssh key", "PermitOpen", "install ssh"].filter {
            cause.fix.contains($0) || cause.check.contains($0)
        }
        #expect(tunnel.hasPrefix("ssh ") || names.isEmpty, "\(cause)")
    }

    @Test(arguments: ["ssh bastion", "ssm i-0abc", "command nc {port}"])
    func `a tunnel that takes connections says nothing of the way behind it`(tunnel: String) throws {
        let tunnel = try TunnelDefinition(tunnel)
        for ending in [Observation.Ending.timedOut, .failed] {
            var seen = Observation(stage: .tls, ending: ending, host: "orders.example", port: "51385")
            if ending == .failed { seen.text = "server closed the connection unexpectedly" }
            (seen.tunnel, seen.endpointPort) = (tunnel, 5432)
            let cause = try #require(CauseFinder.causes(for: seen).first)
            #expect(cause.code == (ending == .failed ? .tlsClosed : .tlsTimeout))
            #expect(
                cause.text.contains("orders.example:5432 behind the tunnel") && !cause.text.contains("51385"))
        }
        let passed = [StageResult(stage: .tcp, outcome: .ok, detail: "")]
        let path = "network path and port"
        #expect(!RuledOut.words(passed, failedAt: .tls, tunnel: tunnel).contains(path))
        #expect(RuledOut.words(passed, failedAt: .auth, tunnel: tunnel).contains(path))
        #expect(RuledOut.words(passed, failedAt: .tls).contains(path))
    }
}
