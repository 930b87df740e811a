import SigV4
import TestSupport
import Testing

struct PercentEncodingTests {
    @Test(arguments: [
        ("app_user", "app_user"), ("-._~", "-._~"), ("a b", "a%20b"), ("+", "%2B"), ("*", "%2A"),
        ("@/:=", "%40%2F%3A%3D"),
        ("%", "%25"), ("é", "%C3%A9"), ("日本", "%E6%97%A5%E6%9C%AC"), ("🦊", "%F0%9F%A6%8A"),
        ("\r\n\0", "%0D%0A%00"),
        // No normalisation: e with a combining accent stays two scalars.
        ("e\u{301}", "e%CC%81"), ("", ""),
    ])
    func `every byte but the unreserved ones becomes upper-case digits`(text: String, encoded: String) {
        #expect(PercentEncoding.encode(text) == encoded)
    }

    @Test(arguments: [UInt64](1...40))
    func `what is encoded is unreserved and decodes to itself`(seed: UInt64) throws {
        var dice = SeededDice(seed: seed)
        for _ in 0..<50 {
            let text = dice.text(upTo: 60)
            let encoded = PercentEncoding.encode(text)
            let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%".utf8)
            #expect(encoded.utf8.allSatisfy(allowed.contains))
            #expect(PercentEncoding.decode(encoded).map { Array($0.utf8) } == Array(text.utf8))
            // Each byte by itself: encoding has no memory.
            #expect(encoded == text.unicodeScalars.map { PercentEncoding.encode(String($0)) }.joined())
        }
    }

    @Test(arguments: ["%", "%4", "%zz", "a%2", "%ff", "%C3", "%-1"])
    func `what is no encoding is refused`(text: String) {
        #expect(PercentEncoding.decode(text) == nil)
    }
}
