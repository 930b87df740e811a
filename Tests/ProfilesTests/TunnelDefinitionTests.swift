import Profiles
import Testing

struct TunnelDefinitionTests {
    @Test func `each kind is read from its words`() throws {
        #expect(try TunnelDefinition("ssh bastion") == .ssh(destination: "bastion", port: nil))
        #expect(
            try TunnelDefinition(" ssh jo@jump.example:2222 ")
                == .ssh(destination: "jo@jump.example", port: 2222))
        #expect(try TunnelDefinition("ssh jo@[::1]:22") == .ssh(destination: "jo@::1", port: 22))
        #expect(
            try TunnelDefinition("ssm i-0123456789abcdef0")
                == .ssm(target: "i-0123456789abcdef0", awsProfile: nil, region: nil))
        #expect(
            try TunnelDefinition("ssm ecs:main_task_box profile=ops region=eu-west-1")
                == .ssm(target: "ecs:main_task_box", awsProfile: "ops", region: "eu-west-1"))
        #expect(
            try TunnelDefinition("command 'my tool' --listen={port} {host}:{remote_port}")
                == .command(["my tool", "--listen={port}", "{host}:{remote_port}"]))
        #expect(try TunnelDefinition("jump-eu") == .named("jump-eu"))
    }

    /// What would be an option of another program, or a shell's food in a user's ProxyCommand (CVE-2023-51385).
    @Test(arguments: [
        "ssh -oProxyCommand=x", "ssh -- x", "ssh jo@-x", "ssh a b", "ssh", "ssh a;id", "ssh $(id)",
        "ssh `id`",
        "ssh a|b", "ssh 'a b'", "ssh a:0", "ssh a:99999", "ssh a'@b", "ssm -x", "ssm", "ssm i-1 profile=-x",
        "ssm i-1 region=nowhere", "ssm i-1 color=red", "command", "command nc", "command -x {port}",
        "command {port}", "-x", "two words", "a'b", "\u{1b}[31m", "",
    ])
    func `what could be taken for something else is refused`(text: String) {
        #expect(throws: TunnelDefinition.Malformed.self) { try TunnelDefinition(text) }
    }

    @Test func `a profile with a tunnel needs verify-full and a host`() throws {
        var profile = Profile(name: "orders", host: "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com")
        profile.user = "jo"
        try profile.set(.tunnel, to: "ssh bastion")
        #expect(!profile.problems().contains { $0.severity == .error })
        profile.sslmode = .require
        #expect(profile.problems().contains { $0.field == .sslmode && $0.message.contains("verify-full") })
        profile.sslmode = .verifyFull
        (profile.auth, profile.service, profile.host) = (.service, "s", "")
        #expect(profile.problems().contains { $0.field == .host })
        #expect(throws: FieldProblem.self) { try profile.set(.tunnel, to: "ssh -oProxyCommand=x") }
        #expect(profile.tunnel == "ssh bastion")
        try profile.set(.tunnel, to: "")
        #expect(profile.tunnel == nil)
    }
}
