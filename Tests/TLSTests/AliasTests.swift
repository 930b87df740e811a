import TLS
import TestSupport
import Testing
import Workers

/// Aliases as a DNS server tells them.
@Suite(.timeLimit(.minutes(14)))
struct AliasTests {
    private static let endpoint = "orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com"

    private let process: ChildProgram
    private let port: Int

    init() throws {
        let process = try ChildProgram(
            "/usr/bin/env", [Python.program, "\(ProgramPath.repository)/Tests/Servers/dns.py", "0"],
            environment: Python.environment, input: nil)
        try process.wait(for: "port") { process.output.hasSuffix("\n") }
        self.process = process
        port = Int(process.output.split(separator: "\n").first ?? "") ?? 0
    }

    private func aliases(_ name: String, seconds: Double = 60) -> [String] {
        NameResolver.aliases(
            of: name, server: ("127.0.0.1", port),
            wait: Wait(deadline: .now + .seconds(seconds), cancellation: Cancellation()))
    }

    @Test(arguments: [
        ("alias.example", ["middle.example", endpoint]),
        ("ALIAS.example", ["middle.example", endpoint]),
        ("public.example", [endpoint, "ec2-52-1-2-3.eu-west-1.compute.amazonaws.com"]),
        ("plain.example", []), ("loop.example", ["loop.example"]), ("gone.example", []),
        ("cut.example", []), ("", []), (String(repeating: "x", count: 70) + ".example", []),
    ])
    func `aliases come in the order in which they are followed`(name: String, names: [String]) {
        #expect(aliases(name) == names)
    }

    @Test(arguments: ["silent", "junk"])
    func `a server that gives no answer costs no more than the time there is`(name: String) {
        let start = ContinuousClock.now
        #expect(aliases("\(name).example", seconds: 0.3).isEmpty)
        #expect(ContinuousClock.now - start < .seconds(4))
    }
}
