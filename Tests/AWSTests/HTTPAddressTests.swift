import AWS
import Testing

struct HTTPAddressTests {
    @Test(arguments: [
        ("http://127.0.0.1:8080", "http", "127.0.0.1", 8080, "/"),
        ("https://H.Example/a?b#c", "https", "h.example", 443, "/a?b"),
        ("http://[::1]:80/x", "http", "::1", 80, "/x"), ("https://u:p@h:1", "https", "h", 1, "/"),
        ("HTTPS://h?x=1", "https", "h", 443, "/?x=1"),
    ])
    func `an address has its parts`(text: String, scheme: String, host: String, port: UInt16, target: String)
        throws
    {
        let address = try #require(HTTPAddress(text))
        #expect(address.scheme.rawValue == scheme && address.host == host)
        #expect(address.port == port && address.target == target)
    }

    @Test(arguments: [
        "", "h", "ftp://h", "http://", "http:///x", "http://h:0", "http://h:99999", "http://h\r\nX: y",
        "http://h/\u{0}",
        "http://é", "http://h:1:2",
    ])
    func `what is no address is refused`(text: String) {
        #expect(HTTPAddress(text) == nil)
    }

    @Test func `the host's header has the port where it is not the scheme's own`() throws {
        for (text, header) in [
            ("http://h", "h"), ("http://h:80", "h"), ("http://h:443", "h:443"), ("https://h:443", "h"),
            ("http://[::1]:8080", "[::1]:8080"),
        ] {
            #expect(try #require(HTTPAddress(text)).hostHeader == header)
        }
        let base = try #require(HTTPAddress("http://h/prefix/?x"))
        #expect(base.appending("/token").target == "/prefix/token")
        #expect(try #require(HTTPAddress("http://h/prefix?x")).appending("/").target == "/prefix")
        #expect(try #require(HTTPAddress("http://h")).appending("/").target == "/")
    }

    @Test(
        arguments: [
            (["https_proxy": "http://p:3128"], "https://a.example", "p:3128"),
            (["HTTPS_PROXY": "p:3128"], "https://a.example", "p:3128"),
            (["https_proxy": "http://low:1", "HTTPS_PROXY": "http://up:1"], "https://a.example", "low:1"),
            (["HTTPS_PROXY": "http://p:1"], "http://a.example", nil),
            (["HTTP_PROXY": "http://p:1"], "http://a.example", "p:1"),
            (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "example"], "https://a.example", nil),
            (["HTTPS_PROXY": "http://p:1", "NO_PROXY": ".a.example, b"], "https://a.example", nil),
            (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "xa.example"], "https://a.example", "p:1"),
            (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "a.example:443"], "https://a.example", nil),
            (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "a.example:8443"], "https://a.example", "p:1"),
            (["HTTPS_PROXY": "http://p:1", "no_proxy": "*"], "https://a.example", nil),
            ([:], "https://a.example", nil),
            (["HTTPS_PROXY": ""], "https://a.example", nil),
        ] as [([String: String], String, String?)])
    func `the proxy is the environment's`(environment: [String: String], text: String, proxy: String?) throws
    {
        let address = try #require(HTTPAddress(text))
        let found = try ProxySettings(EnvironmentValues(environment)).proxy(for: address)
        #expect(found?.hostHeader == proxy)
    }

    @Test(arguments: ["https://p:1", "socks5://p:1", "http://"])
    func `a proxy that cannot be used is told`(text: String) throws {
        let address = try #require(HTTPAddress("https://a.example"))
        let failure = #expect(throws: ProxySettings.Unusable.self) {
            try ProxySettings(EnvironmentValues(["HTTPS_PROXY": text])).proxy(for: address)
        }
        #expect(failure?.text == "HTTPS_PROXY is not an http:// address of a proxy")
    }
}
