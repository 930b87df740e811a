import Secrets
import Testing

struct SecretTests {
    private struct Holder {
        var label = "orders"
        var token = Secret("hunter2")
    }

    @Test func `a secret prints as redacted wherever it is printed`() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(Holder(), to: &dumped)
        let shown = ["\(secret)", String(reflecting: secret), String(describing: Holder()), dumped]
        #expect(shown.allSatisfy { !$0.contains("hunter2") })
        #expect("\(secret)" == "<redacted>")
    }

    @Test func `a secret is revealed only on request`() {
        #expect(Secret("hunter2").reveal() == "hunter2")
        #expect(Secret("").isEmpty)
    }
}
