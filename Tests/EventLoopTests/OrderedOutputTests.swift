import EventLoop
import Synchronization
import Testing
import Workers

/// Texts of several writers in their order.
struct OrderedOutputTests {
    private final class Reader: Sendable {
        private let texts = Mutex<(read: String, isThere: Bool)>(("", true))

        var read: String { texts.withLock(\.read) }

        func leave() { texts.withLock { $0.isThere = false } }

        func take(_ text: String) -> Bool {
            texts.withLock { texts in
                if texts.isThere { texts.read += text }
                return texts.isThere
            }
        }
    }

    private let reader = Reader()
    private let cancellation = Cancellation()
    private let output: OrderedOutput

    init() {
        output = OrderedOutput(cancellation: cancellation) { [reader] in reader.take($0) }
    }

    @Test func `a later writer's text waits for the earlier one's end`() {
        output.write("two\n", as: 1)
        output.finish(1)
        #expect(reader.read.isEmpty)
        output.write("one\n", as: 0)
        #expect(reader.read == "one\n")
        output.finish(0)
        #expect(reader.read == "one\ntwo\n")
    }

    @Test func `what a writer says once all are cancelled comes in its turn too`() {
        cancellation.cancel()
        output.write("two\n", as: 1)
        output.finish(1)
        output.write("one\n", as: 0)
        output.finish(0)
        #expect(reader.read == "one\ntwo\n")
    }

    @Test func `once all are cancelled nobody waits for a turn, however much there is to say`() {
        let long = String(repeating: "x", count: OrderedOutput.limit)
        output.write(long, as: 1)
        cancellation.cancel()
        output.write("more", as: 1)
        output.finish(1)
        output.finish(0)
        #expect(reader.read == long + "more")
    }

    @Test func `a reader who has gone cancels all, and gets no more`() {
        reader.leave()
        output.write("one\n", as: 0)
        #expect(cancellation.isCancelled)
        output.write("two\n", as: 1)
        output.finish(1)
        output.finish(0)
        #expect(reader.read.isEmpty)
    }
}
