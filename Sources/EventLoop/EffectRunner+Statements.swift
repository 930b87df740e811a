import App
import Operations
import Profiles
import Synchronization
import Workers

/// SQL that is running for the screen.
struct StatementsUnderWay {
    let cancellation: Cancellation
    /// Opens when all of it has ended.
    let end: Gate?
}

/// SQL for the screen: its answers become a text.
extension EffectRunner {
    /// What a screen can be read of, all profiles together; the command line shows the rest.
    private static let textLimit = 1_000_000
    /// What servers remark, of all profiles together.
    private static let noticeLimit = 200
    private static let jobs = 16

    /// What has come back so far.
    private final class Answers: Sendable {
        struct State {
            var text = ""
            var complaints: [Int: String] = [:]
            var notices: [Int: [String]] = [:]
            var noticeCount = 0
            var left: Int
        }
        let state: Mutex<State>
        init(count: Int) { state = Mutex(State(left: count)) }
    }

    func run(_ id: RequestID, _ sql: String, _ profiles: [Profile]) {
        let cancellation = Cancellation()
        let gate = Gate()
        runs[id] = StatementsUnderWay(cancellation: cancellation, end: gate)
        let answers = Answers(count: profiles.count)
        let places = Dictionary(profiles.enumerated().map { ($1.id, $0) }) { first, _ in first }
        let batch = StatementBatch(
            preparer: verbs.preparer, audit: verbs.audit, jobs: Self.jobs, format: .table,
            asking: Asking(code: questions.code, tunnel: questions.tunnel, password: questions.password),
            room: Self.textLimit / max(1, profiles.count))
        batch.start(
            [sql], on: profiles, readOnly: true, cancellation: cancellation,
            output: { lines in
                answers.state.withLock { $0.text += lines }
                return true
            },
            noticed: { profile, line in
                answers.state.withLock { state in
                    guard state.noticeCount < Self.noticeLimit else { return }
                    state.noticeCount += 1
                    state.notices[places[profile.id] ?? 0, default: []].append("\(profile.name): \(line)")
                }
            },
            ended: { [mailbox] end in
                var (failed, complaint): (Bool, String?) = (false, nil)
                switch end.end {
                case .ok: break
                case .failed(let line, _, _): (failed, complaint) = (true, line)
                case .cancelled: complaint = "cancelled"
                }
                if let complaint {
                    answers.state.withLock {
                        $0.complaints[places[end.profile.id] ?? 0] = "\(end.profile.name): \(complaint)"
                    }
                }
                mailbox.post(.ran(id, failed: failed))
                let text: String? = answers.state.withLock { state in
                    state.left -= 1
                    guard state.left == 0 else { return nil }
                    let complaints = state.complaints.sorted { $0.key < $1.key }.map { "! \($0.value)\n" }
                    let notices = state.notices.sorted { $0.key < $1.key }.flatMap(\.value)
                    return complaints.joined() + notices.map { "! \($0)\n" }.joined() + state.text
                }
                guard let text else { return }
                mailbox.post(.ranAll(id, text))
                gate?.open()
            })
    }

    func cancelRun(_ id: RequestID) { runs[id]?.cancellation.cancel() }

    /// It has answered: nothing is left to cancel.
    func forgetRun(_ id: RequestID) { runs[id] = nil }

    /// The program ends: what runs on servers is told to stop, and has a moment to be told.
    func cancelAllRuns() {
        for run in runs.values { run.cancellation.cancel() }
        let wait = Wait(deadline: .now + .seconds(2), cancellation: Cancellation())
        for run in runs.values { _ = run.end?.wait(wait) }
        runs = [:]
    }
}
