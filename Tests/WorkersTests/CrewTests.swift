import Synchronization
import Testing
import Workers

struct CrewTests {
    /// Waits until the crew has done so many jobs.
    private func finish(_ count: Int, on crew: Crew, job: @escaping @Sendable (Int) -> Void) async {
        await withCheckedContinuation { done in
            let shared = Countdown(left: count)
            for number in 0..<count {
                crew.submit {
                    job(number)
                    if shared.tick() { done.resume() }
                }
            }
        }
    }

    private final class Countdown: Sendable {
        private let left: Mutex<Int>
        init(left: Int) { self.left = Mutex(left) }
        func tick() -> Bool {
            left.withLock {
                $0 -= 1
                return $0 == 0
            }
        }
    }

    private final class Record: Sendable {
        let order = Mutex<[Int]>([])
        let running = Mutex((now: 0, most: 0))
    }

    @Test func `a crew of one runs its jobs in the order of submission`() async {
        let record = Record()
        await finish(500, on: Crew(limit: 1)) { number in record.order.withLock { $0.append(number) } }
        #expect(record.order.withLock { $0 } == Array(0..<500))
    }

    @Test func `jobs that wait for somebody do not hold up the others, however busy the machine is`()
        async throws
    {
        // Three hold their threads until the last one has run: with the least alone it never would.
        let record = Record()
        let all = try #require(Gate())
        await finish(4, on: Crew(limit: 4, least: 1)) { number in
            let isLast = record.order.withLock {
                $0.append(number)
                return $0.count == 4
            }
            if isLast { all.open() }
            let outcome = all.wait(Wait(deadline: .now + .seconds(800), cancellation: Cancellation()))
            if outcome == .ready { record.running.withLock { $0.now += 1 } }
        }
        #expect(record.order.withLock { $0.sorted() } == [0, 1, 2, 3])
        #expect(record.running.withLock { $0.now } == 4)
    }

    @Test func `a crew never runs more jobs at once than its limit`() async {
        let record = Record()
        await finish(300, on: Crew(limit: 4)) { _ in
            record.running.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            var sum = 0
            for value in 0..<2_000 { sum &+= value }
            record.running.withLock { $0.now -= sum == -1 ? 2 : 1 }
        }
        let most = record.running.withLock { $0.most }
        #expect(most <= 4)
        #expect(most >= 1)
    }
}
