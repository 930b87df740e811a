#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Operations
import Profiles
import Screen
import Synchronization

/// What the user waits for, on a line of stderr that is taken back: there once nothing else was said for a second, and
/// never where stderr is no terminal, or one that another job has. May be used from any thread.
final class WaitingLine: Sendable {
    private struct State {
        var words: String
        /// Since when there is nothing else to look at.
        var since = ContinuousClock.now
        /// How many columns are written.
        var width = 0
        var shown = ""
        /// Questions that stand.
        var questions = 0
    }

    private static let patience: Duration = .seconds(1)
    /// The columns of `^C`, which the terminal writes behind it.
    private static let echo = 2

    private let isWanted: Bool
    private let state: Mutex<State>

    /// - Parameter words: what is waited for.
    init(_ words: String, isWanted: Bool = true) {
        self.isWanted = isWanted && Output.errorsAreTerminal
        state = Mutex(State(words: words))
    }

    /// Something else is waited for: shown with the next ``look()``.
    func say(_ words: String) { state.withLock { $0.words = words } }

    /// Writes the line where it is time; to be called a few times a second.
    func look() {
        guard isWanted, Output.isInForeground else { return }
        // Whoever has it writes something themselves.
        _ = state.withLockIfAvailable { state in
            guard state.questions == 0, ContinuousClock.now - state.since >= Self.patience,
                state.shown != state.words
            else { return }
            let line = DisplayText.prefix(
                DisplayText.sanitised("\(state.words) ...   ^C cancels"),
                columns: Output.columns - 1 - Self.echo)
            // Without control sequences, which not every terminal knows.
            Output.write("\r\(line)\(Self.blanks(state.width - DisplayText.width(line)))", to: 2)
            (state.shown, state.width) = (state.words, max(state.width, DisplayText.width(line)))
        }
    }

    /// Takes the line back, for good where nobody looks again.
    func clear() { aside {} }

    /// Does something that writes itself, with the line taken back.
    func aside<Value>(_ work: () -> Value) -> Value {
        guard isWanted else { return work() }
        return state.withLock { state in
            Self.takeBack(&state)
            defer { state.since = .now }
            return work()
        }
    }

    /// Asks, with the line taken back for as long as that takes.
    func question<Value>(_ ask: () -> Value) -> Value {
        state.withLock { state in
            Self.takeBack(&state)
            state.questions += 1
        }
        defer {
            state.withLock { state in
                state.questions -= 1
                state.since = .now
            }
        }
        return ask()
    }

    private static func takeBack(_ state: inout State) {
        if state.width > 0, Output.isInForeground { Output.write("\r\(blanks(state.width + echo))\r", to: 2) }
        (state.width, state.shown) = (0, "")
    }

    private static func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
}

extension SignerOptions {
    /// Has a line follow the opening of a session: it names the step, and gives way to questions.
    ///
    /// - Parameter words: what is being opened.
    mutating func follow(_ line: WaitingLine, _ words: String) {
        onStage = { line.say("\(words): \($0.number)/\($0.count) \($0.step.rawValue)") }
        giveWay(line)
    }

    /// Has a line give way to questions.
    mutating func giveWay(_ line: WaitingLine) {
        if let ask = askCode { askCode = { serial in line.question { ask(serial) } } }
        if let ask = askPassword { askPassword = { asked, ending in line.question { ask(asked, ending) } } }
        if let ask = askTunnel { askTunnel = { asked, ending in line.question { ask(asked, ending) } } }
    }
}
