import Operations
import Secrets
import Testing

struct LoginPacerTests {
    private let start = ContinuousClock.now

    @Test func `a cluster gets so many new tokens a second, and no more`() {
        let pacer = LoginPacer()
        let turns = (0..<500).map { pacer.turn(of: Secret("\($0)"), for: "orders", now: start) ?? start }
        for (early, late) in zip(turns, turns.dropFirst(LoginPacer.rate)) {
            #expect(late - early >= .seconds(1))
        }
        #expect(turns[0] == start && turns[499] - start < .seconds(3))
    }

    @Test func `a token that was seen needs no turn, and clusters do not wait for one another`() {
        let pacer = LoginPacer()
        _ = pacer.turn(of: Secret("a"), for: "orders", now: start)
        #expect(pacer.turn(of: Secret("b"), for: "orders", now: start) != nil)
        #expect(pacer.turn(of: Secret("a"), for: "orders", now: start) == nil)
        #expect(pacer.turn(of: Secret("c"), for: "billing", now: start) == nil)
    }

    @Test func `a token is known for its quarter of an hour, and is forgotten after two`() {
        let pacer = LoginPacer()
        func waits(_ token: String, after seconds: Int) -> Bool {
            // One that is new takes the turn before it, so that a second one would have to wait.
            let now = start + .seconds(seconds)
            _ = pacer.turn(of: Secret("at \(seconds)"), for: "orders", now: now)
            return pacer.turn(of: Secret(token), for: "orders", now: now) != nil
        }
        #expect(waits("a", after: 0))
        #expect(!waits("a", after: 899))
        #expect(waits("b", after: 901))
        #expect(!waits("b", after: 1799))
        #expect(waits("a", after: 4000))
        #expect(waits("b", after: 4000))
    }

    @Test func `writer and reader endpoint are one cluster, another name another`() {
        let writer = LoginPacer.cluster(of: "Orders.cluster-c1x9.eu-west-1.rds.amazonaws.com")
        #expect(writer == LoginPacer.cluster(of: "orders.cluster-ro-c1x9.eu-west-1.rds.amazonaws.com"))
        #expect(writer != LoginPacer.cluster(of: "billing.cluster-c1x9.eu-west-1.rds.amazonaws.com"))
        #expect(writer != LoginPacer.cluster(of: "orders.cluster-c1x9.us-east-1.rds.amazonaws.com"))
        #expect(LoginPacer.cluster(of: "DB.example.") == "db.example")
    }
}
