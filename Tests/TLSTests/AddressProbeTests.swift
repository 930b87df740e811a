import Diagnosis
import TLS
import TestSupport
import Testing
import Workers

@Suite(.timeLimit(.minutes(14)))
struct AddressProbeTests {
    private static func addresses(_ literals: String...) throws -> [ResolvedAddress] {
        try literals.map { try #require(ResolvedAddress(literal: $0)) }
    }

    private static func probe(_ port: Int, within limit: Duration = .seconds(30)) -> AddressProbe {
        AddressProbe(port: UInt16(port), wait: Wait(deadline: .now + limit, cancellation: Cancellation()))
    }

    @Test func `of several addresses the one that answers is taken`() throws {
        let listener = try FaultListener([.hold])
        let addresses = try Self.addresses("127.0.0.2", "127.0.0.1")
        guard case .reached(let address, let others, _) = Self.probe(listener.port).run(addresses) else {
            Issue.record("no address was reached")
            return
        }
        #expect(address.text == "127.0.0.1")
        #expect(others == ["127.0.0.2 Connection refused"])
    }

    @Test func `an address that swallows packets does not hold up the others`() throws {
        let hole = try BlackHole()
        let (descriptor, port) = try Loopback.listen(backlog: 4, address: 0x7f00_0002, port: hole.port)
        defer { Loopback.end(descriptor) }
        let addresses = try Self.addresses("127.0.0.1", "127.0.0.2")
        guard case .reached(let address, _, _) = Self.probe(port).run(addresses) else {
            Issue.record("no address was reached")
            return
        }
        #expect(address.text == "127.0.0.2")
    }

    @Test func `where none answers, each is listed with its reason`() throws {
        let port = try Loopback.closedPort()
        let addresses = try Self.addresses("127.0.0.1", "127.0.0.2")
        guard case .failed(let fault, let text) = Self.probe(port).run(addresses) else {
            Issue.record("a closed port was reached")
            return
        }
        #expect(fault == .refused)
        #expect(text.split(separator: "\n").count == 2)
        #expect(text.contains("at \"127.0.0.2\", port \(port) failed: Connection refused"))
    }

    @Test(arguments: [
        ("10.1.2.3", true), ("172.31.0.9", true), ("172.32.0.9", false), ("192.168.1.1", true),
        ("127.0.0.1", true),
        ("100.64.0.1", true), ("8.8.8.8", false), ("::1", true), ("fd00::1", true), ("fe80::1", true),
        ("2001:db8::1", false),
    ])
    func `private addresses are known as such`(literal: String, isPrivate: Bool) throws {
        #expect(try #require(ResolvedAddress(literal: literal)).isPrivate == isPrivate)
    }

    @Test(arguments: ["localhost", "orders.example", "256.1.1.1", ""])
    func `a name is no address`(name: String) {
        #expect(ResolvedAddress(literal: name) == nil)
    }
}
