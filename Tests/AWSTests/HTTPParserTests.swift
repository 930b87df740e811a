import AWS
import TestSupport
import Testing

/// Answers as they come over the wire, cut anywhere.
struct HTTPParserTests {
    static func parse(
        _ text: String, cuts: [Int] = [], limit: Int = 1_000_000, method: String = "GET", ends: Bool = true
    ) throws -> HTTPResponseParser {
        var parser = HTTPResponseParser(method: method, bodyLimit: limit)
        let bytes = Array(text.utf8)
        var start = 0
        for cut in cuts.map({ min($0, bytes.count) }).sorted() + [bytes.count] {
            _ = try parser.feed(bytes[start..<max(start, cut)])
            start = max(start, cut)
        }
        if ends { try parser.end() }
        return parser
    }

    struct Answer: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var text: String
        var status = 200
        var body = ""
        var keepsAlive = true
    }

    static let answers = [
        Answer(
            testDescription: "a length", text: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            body: "hello"),
        Answer(
            testDescription: "bare line feeds", text: "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", body: "hi"),
        Answer(
            testDescription: "chunks with extensions and trailers",
            text:
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n5;x=y\r\nhello\r\n0A\r\n world, hi\r\n0\r\nX: y\r\n\r\n",
            body: "hello world, hi"),
        Answer(
            testDescription: "no length", text: "HTTP/1.0 200 OK\r\n\r\nto the end", body: "to the end",
            keepsAlive: false),
        Answer(
            testDescription: "closed by the server's word",
            text: "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", status: 404,
            keepsAlive: false),
        Answer(
            testDescription: "no body by its status", text: "HTTP/1.1 204 No Content\r\n\r\n", status: 204),
        Answer(
            testDescription: "an interim answer before the answer",
            text: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", body: "x"),
        Answer(
            testDescription: "the same length twice",
            text: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", body: "x"),
    ]

    @Test(arguments: answers)
    func `an answer is read the same wherever it is cut`(answer: Answer) throws {
        for cut in 0...answer.text.utf8.count {
            let parser = try Self.parse(answer.text, cuts: [cut])
            #expect(parser.response.status == answer.status && parser.response.text == answer.body)
            #expect(parser.keepsAlive == answer.keepsAlive)
        }
        let bytewise = try Self.parse(answer.text, cuts: Array(0...answer.text.utf8.count))
        #expect(bytewise.response.text == answer.body)
    }

    @Test(arguments: [
        "", "\r\n", "220 smtp ready\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 20x OK\r\n\r\n",
        "HTTP/1.1 99 x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n", "HTTP/1.1 200 OK\r\n: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA b: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: y\r\n folded\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxyz\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "HTTP/1.1 200 OK\r\nContent-Le",
    ])
    func `what is no whole answer is refused`(text: String) {
        #expect(throws: HTTPResponseParser.Malformed.self) { try Self.parse(text) }
    }

    @Test func `heads, lines and bodies have bounds`() {
        let long = String(repeating: "x", count: 20_000)
        let many = String(repeating: "X: y\r\n", count: 20_000)
        for text in [
            "HTTP/1.1 200 \(long)", "HTTP/1.1 200 OK\r\nX: \(long)\r\n\r\n", "HTTP/1.1 200 OK\r\n\(many)\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 1_000_001),
        ] {
            #expect(throws: HTTPResponseParser.Malformed.self) { try Self.parse(text, ends: false) }
        }
        var parser = HTTPResponseParser(method: "GET", bodyLimit: 1000)
        #expect(throws: HTTPResponseParser.Malformed.self) {
            _ = try parser.feed(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)[...])
            let chunk = Array("100\r\n\(String(repeating: "x", count: 256))\r\n".utf8)
            for _ in 0..<100 { _ = try parser.feed(chunk[...]) }
        }
    }

    @Test func `any bytes end in an answer or an error, never in a trap`() {
        var dice = SeededDice(seed: 7)
        let pieces = [
            "HTTP/1.1 ", "200", " OK", "\r\n", "\n", "Content-Length: ", "5", "Transfer-Encoding: chunked",
            ":", "\r\n\r\n",
            "0", "a", "hello", "\u{0}", "\u{ff}", ";", " ", "\t", "99999999", "-", "HTTP/1.0 404",
        ]
        for _ in 0..<Fuzzing.rounds(20_000) {
            let text = (0..<Int.random(in: 0...14, using: &dice)).map { _ in
                pieces.randomElement(using: &dice) ?? ""
            }.joined()
            let cuts = (0..<3).map { _ in Int.random(in: 0...max(1, text.utf8.count), using: &dice) }
            let whole = try? Self.parse(text, limit: 100).response.text
            let cut = try? Self.parse(text, cuts: cuts, limit: 100).response.text
            #expect(whole == cut)
        }
    }

    @Test(arguments: [
        ("Tue, 24 Nov 2026 14:03:58 GMT", 1_795_529_038.0), ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
    ])
    func `dates are read in the form that servers have to write`(text: String, seconds: Double) {
        #expect(HTTPDate.parse(text)?.timeIntervalSince1970 == seconds)
    }

    @Test(arguments: [
        "", "Tue 24 Nov 2026 14:03:58 GMT", "Tue, 24 Nov 2026 14:03:58", "Tue, 32 Nov 2026 14:03:58 GMT",
        "x, y z w v u",
    ])
    func `other dates are none`(text: String) {
        #expect(HTTPDate.parse(text) == nil)
    }

    @Test func `an answer and a request print without what is in them`() throws {
        let request = HTTPRequest(
            "POST", try #require(HTTPAddress("https://user:planted@h.example/path?planted=1")),
            headers: [.init("Authorization", "planted")], body: Array("planted".utf8))
        let response = HTTPResponse(
            status: 200, headers: [.init("x", "planted")], body: Array("planted".utf8))
        var printed = "\(request) \(response)"
        dump(request, to: &printed)
        dump(response, to: &printed)
        #expect(!printed.contains("planted") && printed.contains("https://h.example/path"))
    }
}
