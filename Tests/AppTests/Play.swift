#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import App
import Diagnosis
import Profiles
import Screen

/// A script on the model: keys in, effects and text out.
struct Play {
    var model: Model
    var now = Fleet.now
    var size: Size
    /// Everything that the model has asked for, in order.
    var effects: [Effect] = []

    init(_ profiles: [SavedProfile] = Fleet.drawn, columns: Int = 80, rows: Int = 24) {
        size = Size(columns: columns, rows: rows)
        model = Model(size: size)
        send(.profiles(profiles))
    }

    mutating func send(_ message: Message) {
        effects += model.update(message, at: now)
    }

    mutating func press(_ keys: Key...) {
        for key in keys { send(.key(key)) }
    }

    /// Presses the key of each character.
    mutating func type(_ text: String) {
        for character in text { send(.key(.character(character))) }
    }

    /// Puts the cursor onto a profile.
    mutating func go(to name: String) {
        press(.home)
        for _ in 0..<1000 where model.selectedProfile?.name != name { press(.down) }
    }

    mutating func wait(_ seconds: Double) {
        now = now.addingTimeInterval(seconds)
        send(.tick)
    }

    mutating func resize(columns: Int, rows: Int) {
        size = Size(columns: columns, rows: rows)
        send(.resized(size))
    }

    var selected: String? { model.selectedProfile?.name }

    var grid: Grid { view(model, size: size, theme: .standard) }
    var lines: [String] { grid.lines }
    var screen: String { lines.joined(separator: "\n") }

    /// The line above the footer.
    var status: String { size.rows >= 2 ? lines[size.rows - 2] : "" }

    /// The first line with a text in it; empty where none has.
    func line(with text: String) -> String { lines.first { $0.contains(text) } ?? "" }

    /// The line of the list that belongs to a profile.
    func row(of name: String) -> String {
        lines.dropFirst(2).first { $0.dropFirst(3).hasPrefix(name) } ?? ""
    }

    /// The sessions that were to be opened, in order.
    var launches: [SessionOpening] {
        effects.compactMap { if case .launch(_, let opening) = $0 { opening } else { nil } }
    }

    // MARK: Answers

    /// The number of the newest effect of a kind.
    var lastRequest: RequestID {
        for effect in effects.reversed() {
            switch effect {
            case .write(let id, _), .test(let id, _), .mint(let id, _), .parse(let id, _),
                .launch(let id, _), .login(let id, _, _), .policy(let id, _, _),
                .fetchBundle(let id, _), .recallTest(let id, _):
                return id
            default: continue
            }
        }
        return RequestID(-1)
    }

    mutating func minted(secondsLeft: Double, limitedBy limit: TokenClock.Limit = .token) {
        let end = now.addingTimeInterval(secondsLeft)
        send(
            .minted(
                lastRequest,
                .minted(
                    TokenClock(
                        signedAt: end.addingTimeInterval(-900), expiresAt: end, limitedBy: limit,
                        provider: "static keys, profile acme-prod"))))
    }

    /// Mints a token for a profile with so many seconds left.
    mutating func mint(_ name: String, secondsLeft: Double) {
        go(to: name)
        press(.character("K"))
        minted(secondsLeft: secondsLeft)
    }

    mutating func stageEnded(_ stage: Stage, _ milliseconds: Double, _ detail: String) {
        send(
            .stageEnded(
                lastRequest,
                StageResult(stage: stage, outcome: .ok, milliseconds: milliseconds, detail: detail)))
    }
}
