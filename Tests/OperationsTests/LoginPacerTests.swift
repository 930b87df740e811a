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

    @Test func `writer and reader endpoint are one cluster, another name another`() {
        let writer = LoginPacer.cluster(of: "Orders.cluster-c1x9.eu-west-1.rds.amazonaws.com")
        #expect(writer == LoginPacer.cluster(of: "orders.cluster-ro-c1x9.eu-west-1.rds.amazonaws.com"))
        #expect(writer != LoginPacer.cluster(of: "billing.cluster-c1x9.eu-west-1.rds.amazonaws.com"))
        #expect(writer != LoginPacer.cluster(of: "orders.cluster-c1x9.us-east-1.rds.amazonaws.com"))
        #expect(LoginPacer.cluster(of: "DB.example.") == "db.example")
    }
}
