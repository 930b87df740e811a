import Synchronization
import TLS
import TestSupport
import Testing
import Workers

/// Look-ups that are shared, and left behind when they take too long.
@Suite(.timeLimit(.minutes(14)))
struct SharedCallTests {
    private final class Count: Sendable {
        let value = Mutex(0)
        func more() -> Int {
            value.withLock {
                $0 += 1
                return $0
            }
        }
    }

    private static func wait(_ time: Duration, _ cancellation: Cancellation = Cancellation()) -> Wait {
        Wait(deadline: .now + time, cancellation: cancellation)
    }

    @Test func `all who ask for the same get the answer of one call`() throws {
        let (count, gate) = (Count(), try #require(Gate()))
        let calls = SharedCalls<Int>(Crew(limit: 4))
        let asked = Count()
        let jobs: [@Sendable () -> Int] = (0..<8).map { _ in
            {
                // The last one to ask lets the call end.
                if asked.more() == 8 { gate.open() }
                let outcome = calls.answer(to: "orders.example", Self.wait(.seconds(300))) {
                    _ = gate.wait(Self.wait(.seconds(300)))
                    return count.more()
                }
                if case .answer(let value) = outcome { return value }
                return -1
            }
        }
        let answers = Crew(limit: 8).all(jobs)
        // One who asks after the answer has come gets another call.
        #expect(answers.allSatisfy { $0 >= 1 } && answers.contains(1))
        #expect(count.value.withLock { $0 } == answers.max())
    }

    @Test func `who leaves does not wait, and a call that hangs is not made again by the next`() throws {
        let (count, gate) = (Count(), try #require(Gate()))
        let calls = SharedCalls<Int>(Crew(limit: 4))
        for _ in 0..<20 {
            let outcome = calls.answer(to: "hangs.example", Self.wait(.milliseconds(1))) {
                _ = gate.wait(Self.wait(.seconds(300)))
                return count.more()
            }
            guard case .timedOut = outcome else {
                Issue.record("an answer came")
                return
            }
        }
        let cancellation = Cancellation()
        cancellation.cancel()
        guard case .cancelled = calls.answer(to: "other", Self.wait(.seconds(300), cancellation), { 1 })
        else {
            Issue.record("it was not cancelled")
            return
        }
        gate.open()
        #expect(count.value.withLock { $0 } <= 1)
    }

    @Test func `a batch asks for each name once, and again for one that was not found`() {
        let count = Count()
        let book = NameBook { name, _ in
            _ = count.more()
            guard name == "there", let address = ResolvedAddress(literal: "127.0.0.1") else {
                return .failed(.nameNotFound, text: "no")
            }
            return .addresses([address], canonical: nil)
        }
        for _ in 0..<5 { _ = book.resolve("there", wait: Self.wait(.seconds(60))) }
        #expect(count.value.withLock { $0 } == 1)
        for _ in 0..<2 { _ = book.resolve("gone", wait: Self.wait(.seconds(60))) }
        #expect(count.value.withLock { $0 } == 3)
    }
}
