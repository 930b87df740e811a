#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import Workers
import TestSupport
import Testing

/// The client against servers on this machine that behave, and those that do not.
@Suite(.timeLimit(.minutes(14)))
struct HTTPClientTests {
    private static func send(
        _ text: String, _ environment: [String: String] = [:], bundle: String? = nil, seconds: Double = 60,
        limit: Int = 4_000_000, cancellation: Cancellation = Cancellation(), client: HTTPClient? = nil
    ) throws -> HTTPResponse {
        let client = client ?? HTTPClient(environment: EnvironmentValues(environment), bundle: bundle)
        var options = HTTPOptions(bodyLimit: limit)
        options.bundle = bundle
        return try client.send(
            HTTPRequest("GET", try #require(HTTPAddress(text))), options: options,
            wait: Wait(deadline: .now + .seconds(seconds), cancellation: cancellation))
    }

    private static func failure(
        _ port: Int, seconds: Double = 60, limit: Int = 4_000_000, scheme: String = "http"
    ) throws -> HTTPFailure {
        try #require(throws: HTTPFailure.self) {
            try send("\(scheme)://127.0.0.1:\(port)/", seconds: seconds, limit: limit)
        }
    }

    @Test func `a connection is used again for the same place`() throws {
        let server = try IdentityServer()
        let client = HTTPClient(environment: EnvironmentValues([:]), bundle: nil)
        for _ in 0..<5 { #expect(try Self.send("\(server.address)/container", client: client).status == 200) }
        #expect(Set(try server.requests().map { $0["connection"]?.int }).count == 1)
    }

    @Test func `a connection that the server has closed meanwhile is replaced`() throws {
        let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi".utf8)
        let listener = try FaultListener([.read, .send(answer)])
        let client = HTTPClient(environment: EnvironmentValues([:]), bundle: nil)
        for _ in 0..<3 {
            #expect(try Self.send("http://127.0.0.1:\(listener.port)/", client: client).text == "hi")
        }
        #expect(listener.accepted == 3)
    }

    @Test
    func
        `a connection is not used again that says more than was asked, or breaks in the middle of an answer`()
        throws
    {
        let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi".utf8)
        let talkative = try FaultListener([.read, .send(answer + answer), .read, .send(answer)])
        let client = HTTPClient(environment: EnvironmentValues([:]), bundle: nil)
        for _ in 0..<2 {
            #expect(try Self.send("http://127.0.0.1:\(talkative.port)/", client: client).text == "hi")
        }
        #expect(talkative.accepted == 2)
        let breaking = try FaultListener([
            .read, .send(answer), .read, .send(Array(answer.dropLast())), .reset,
        ])
        #expect(try Self.send("http://127.0.0.1:\(breaking.port)/", client: client).text == "hi")
        let failure = #expect(throws: HTTPFailure.self) {
            try Self.send("http://127.0.0.1:\(breaking.port)/", client: client)
        }
        #expect(failure?.text.contains("the answer was cut off") == true)
        #expect(breaking.accepted == 1)
    }

    @Test func `of idle connections a few are kept, however many places were asked`() async throws {
        let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi".utf8)
        let listener = try FaultListener([.read, .send(answer), .hold])
        let client = HTTPClient(environment: EnvironmentValues([:]), bundle: nil)
        // Other roots make another place of the same one.
        for number in 0..<40 {
            let text = try Self.send(
                "http://127.0.0.1:\(listener.port)/", bundle: "roots \(number)", client: client
            ).text
            #expect(text == "hi")
        }
        #expect(listener.accepted == 40)
        #expect(await eventually { listener.leftByPeer == 8 })
        withExtendedLifetime(client) {}
    }

    @Test func `many threads share one client`() async throws {
        let server = try IdentityServer()
        let client = HTTPClient(environment: EnvironmentValues([:]), bundle: nil)
        let address = server.address
        let good = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<20).count { _ in
                        (try? Self.send("\(address)/container", client: client).status) == 200
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(good == 160)
    }

    @Test func `what drips, stalls or never ends is left at the deadline`() throws {
        let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".utf8)
        for script: [FaultListener.Step] in [
            [.hold], [.read, .hold], [.read, .drip(head)], [.read, .send(head), .hold],
            [.read, .drip(Array("HTTP/1.1 200 OK\r\nX: ".utf8))],
        ] {
            let listener = try FaultListener(script)
            let start = ContinuousClock.now
            #expect(
                try Self.failure(listener.port, seconds: 0.5)
                    == .stream(.timedOut, place: "http://127.0.0.1:\(listener.port)/"))
            #expect(ContinuousClock.now - start < .seconds(30))
        }
    }

    @Test func `an answer of long lines and short chunks that never pauses is left at the deadline`() throws {
        let head = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        let chunk = Array("1;\(String(repeating: "x", count: 16_000))\r\nx\r\n".utf8)
        let listener = try FaultListener([.read, .send(head), .flood(chunk)])
        let start = ContinuousClock.now
        #expect(
            try Self.failure(listener.port, seconds: 0.5)
                == .stream(.timedOut, place: "http://127.0.0.1:\(listener.port)/"))
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test func `a body without end is left at its limit, in bounded memory`() throws {
        let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 0x78, count: 0x10000) + Array("\r\n".utf8)
        let head = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        let listener = try FaultListener([.read, .send(head), .flood(chunk)])
        let failure = try Self.failure(listener.port, limit: 3_000_000)
        #expect(failure.text.contains("the answer is larger than 3 MB"))
        let promised = try FaultListener([
            .read, .send(Array("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n".utf8)), .hold,
        ])
        #expect(try Self.failure(promised.port).text.contains("larger than 4 MB"))
    }

    @Test func `a server that is not there, hangs up or speaks something else is told`() throws {
        let closed = try Loopback.closedPort()
        #expect(try Self.failure(closed).text.contains("Connection refused"))
        let silent = try FaultListener([.read])
        #expect(try Self.failure(silent.port).text.contains("closed the connection"))
        let mail = try FaultListener([.send(Array("220 mail.example ESMTP\r\n".utf8)), .hold])
        #expect(try Self.failure(mail.port).text.contains("does not speak HTTP/1.1"))
        #expect(try Self.failure(mail.port, scheme: "https").text.contains("TLS: "))
        let name = try #require(throws: HTTPFailure.self) { try Self.send("http://nowhere.invalid/") }
        #expect(name.text.contains("could not translate host name"))
    }

    @Test func `a cancellation ends a request at once`() async throws {
        let listener = try FaultListener([.read, .hold])
        let cancellation = Cancellation()
        let port = listener.port
        async let outcome = Task.detached {
            #expect(throws: HTTPFailure.self) {
                try Self.send("http://127.0.0.1:\(port)/", seconds: 60, cancellation: cancellation)
            }
        }.value
        #expect(await eventually { listener.accepted == 1 })
        cancellation.cancel()
        #expect(await outcome == .stream(.cancelled, place: "http://127.0.0.1:\(port)/"))
    }

    // MARK: TLS

    @Test(.enabled(if: TrialAuthority.openssl != nil, "openssl is not installed"))
    func `the server's certificate has to be of the bundle, for the host and of today`() throws {
        let folder = try TemporaryFolder()
        let (ours, other) = (try TrialAuthority("Ours", in: folder), try TrialAuthority("Other", in: folder))
        let day = "20200101000000Z"
        let good = try IdentityServer(
            certificate: ours.issue("localhost", from: day, until: "20490101000000Z"))
        #expect(try Self.send("\(good.address)/container", bundle: ours.roots).status == 200)
        func refusal(_ server: IdentityServer, _ bundle: String) throws -> String {
            try #require(throws: HTTPFailure.self) {
                try Self.send("\(server.address)/container", bundle: bundle)
            }.text
        }
        #expect(try refusal(good, other.roots).contains("unable to get local issuer certificate"))
        #expect(try refusal(good, folder.file("none.pem")).contains("cannot be read"))
        let wrong = try IdentityServer(
            certificate: ours.issue("elsewhere.example", from: day, until: "20490101000000Z"))
        #expect(try refusal(wrong, ours.roots).contains("hostname mismatch"))
        let old = try IdentityServer(
            certificate: ours.issue("localhost", from: day, until: "20210101000000Z"))
        #expect(try refusal(old, ours.roots).contains("expired"))
    }

    @Test(.enabled(if: TrialAuthority.openssl != nil, "openssl is not installed"))
    func `a connection over TLS that the server closes without a word is replaced`() throws {
        let folder = try TemporaryFolder()
        let ours = try TrialAuthority("Ours", in: folder)
        let server = try IdentityServer(
            certificate: ours.issue("localhost", from: "20200101000000Z", until: "20490101000000Z"))
        let client = HTTPClient(environment: EnvironmentValues([:]), bundle: nil)
        for _ in 0..<3 {
            #expect(
                try Self.send("\(server.address)/leaving", bundle: ours.roots, client: client).text == "hi")
        }
    }

    // MARK: Proxies

    @Test(.enabled(if: TrialAuthority.openssl != nil, "openssl is not installed"))
    func `a proxy tunnels TLS, and is asked with its user and password`() throws {
        let folder = try TemporaryFolder()
        let ours = try TrialAuthority("Ours", in: folder)
        let server = try IdentityServer(
            certificate: ours.issue("localhost", from: "20200101000000Z", until: "20490101000000Z"))
        let proxy = try IdentityServer()
        let environment = ["HTTPS_PROXY": "http://jo:p%40ss@127.0.0.1:\(proxy.port)"]
        #expect(try Self.send("\(server.address)/container", environment, bundle: ours.roots).status == 200)
        let seen = try proxy.requests().compactMap { $0["proxy"]?.string }
        #expect(seen == ["Basic " + Data("jo:p@ss".utf8).base64EncodedString()])
        let refused = try #require(throws: HTTPFailure.self) {
            try Self.send("https://refused.example/", environment)
        }
        #expect(refused.text.contains("refused to connect to refused.example:443: 407"))
        #expect(!refused.text.contains("p@ss") && !refused.text.contains("jo:"))
    }

    @Test func `a proxy gets the whole address of a plain request`() throws {
        let (server, proxy) = (try IdentityServer(), try IdentityServer())
        let environment = ["http_proxy": "127.0.0.1:\(proxy.port)"]
        #expect(try Self.send("\(server.address)/container?x=1", environment).status == 200)
        #expect(try proxy.requests().contains { $0["proxied"]?.string == "\(server.address)/container?x=1" })
        let direct = environment.merging(["no_proxy": "127.0.0.1"]) { $1 }
        let before = try proxy.requests().count
        #expect(try Self.send("\(server.address)/container", direct).status == 200)
        #expect(try proxy.requests().count == before)
    }
}
