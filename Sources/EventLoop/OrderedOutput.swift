import Synchronization
import Workers

/// Texts of several writers in the writers' order: the first that is not done writes through, the others are held
/// back, and one that has too much to hold waits for its turn.
package final class OrderedOutput: Sendable {
    /// Bytes that one writer has in waiting, at most; a text that is longer waits by itself.
    package static let limit = 1 << 18

    private struct State {
        var current = 0
        var held: [Int: [(text: String, isHeader: Bool)]] = [:]
        /// Above what was written last.
        var header: String?
        var sizes: [Int: Int] = [:]
        var done: Set<Int> = []
        var gates: [Int: Gate] = [:]
        /// Nobody reads any more.
        var isOver = false
    }

    private let state = Mutex(State())
    private let cancellation: Cancellation
    private let sink: @Sendable (String) -> Bool

    /// - Parameters:
    ///   - cancellation: lets everybody go who waits, whose last words are kept then; cancelled where nobody reads any more.
    ///   - sink: writes a text; false where nobody reads any more.
    package init(cancellation: Cancellation, sink: @escaping @Sendable (String) -> Bool) {
        self.cancellation = cancellation
        self.sink = sink
    }

    /// Writes, keeps or waits.
    ///
    /// - Parameter isHeader: whether it is left out below the same header, whoever wrote that.
    package func write(_ text: String, isHeader: Bool = false, as writer: Int) {
        while true {
            let gate: Gate? = state.withLock { state in
                if state.current == writer {
                    put(text, isHeader, &state)
                    return nil
                }
                let size = state.sizes[writer, default: 0]
                if state.isOver { return nil }
                if size == 0 || size + text.utf8.count <= Self.limit || cancellation.isCancelled {
                    state.held[writer, default: []].append((text, isHeader))
                    state.sizes[writer] = size + text.utf8.count
                    return nil
                }
                if let gate = state.gates[writer] { return gate }
                let gate = Gate()
                state.gates[writer] = gate
                if gate == nil { state.held[writer, default: []].append((text, isHeader)) }
                return gate
            }
            guard let gate else { return }
            _ = gate.wait(Wait(deadline: .now + .seconds(3600), cancellation: cancellation))
        }
    }

    /// The writer has written all; those that come after it go on.
    package func finish(_ writer: Int) {
        state.withLock { state in
            state.done.insert(writer)
            while state.done.remove(state.current) != nil {
                state.current += 1
                for (text, isHeader) in state.held.removeValue(forKey: state.current) ?? [] {
                    put(text, isHeader, &state)
                }
                state.sizes[state.current] = nil
                state.gates.removeValue(forKey: state.current)?.open()
            }
        }
    }

    private func put(_ text: String, _ isHeader: Bool, _ state: inout State) {
        if isHeader {
            guard state.header != text else { return }
            state.header = text
        }
        if !sink(text) {
            state.isOver = true
            cancellation.cancel()
        }
    }
}
