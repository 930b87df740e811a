#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Screen

/// What "connect with" asks for: everything of one session that is not the profile's.
struct ConnectState: Sendable {
    /// The lines of the dialog, from top to bottom.
    enum Line: Sendable, Hashable {
        case choice(SessionChoice.Field)
        /// Not remembered: opening for writing is decided each time.
        case readOnly

        static let all: [Line] = [
            .choice(.database), .choice(.role), .choice(.endpoint), .readOnly, .choice(.statementTimeout),
            .choice(.program), .choice(.arguments), .choice(.place),
        ]
    }

    let saved: UUID
    /// As it would be opened without any choice.
    let profile: Profile
    /// Whether tmux is there to open windows.
    let hasWindows: Bool
    private(set) var texts: [Line: TextField] = [:]
    private(set) var focus = Line.all[0]
    /// What is wrong, and with which line.
    private(set) var complaint: (line: Line, text: String)?
    private var isTouched = false

    init(_ saved: UUID, _ profile: Profile, hasWindows: Bool) {
        self.saved = saved
        self.profile = profile
        self.hasWindows = hasWindows
        fill(SessionChoice())
    }

    /// What the last session of the profile was opened with; it comes too late where the user has typed already.
    mutating func recalled(_ choice: SessionChoice) {
        guard !isTouched else { return }
        var choice = choice
        if !hasWindows { choice.place = .here }
        fill(choice)
    }

    private mutating func fill(_ choice: SessionChoice) {
        for line in Line.all {
            if case .choice(let field) = line { texts[line] = TextField(choice.text(of: field)) }
        }
        texts[.readOnly] = texts[.readOnly] ?? TextField()
    }

    /// The words among which a line chooses; none where it is typed.
    func words(_ line: Line) -> [String] {
        switch line {
        case .choice(.endpoint): [""] + ClusterRole.allCases.map(\.rawValue)
        case .choice(.place): hasWindows ? SessionChoice.Place.allCases.map(\.rawValue) : []
        case .readOnly: ["", "yes", "no"]
        default: []
        }
    }

    /// The lines that the cursor visits.
    var stops: [Line] { Line.all.filter { $0 != .choice(.place) || hasWindows } }

    mutating func move(_ step: Int) {
        let at = stops.firstIndex(of: focus) ?? 0
        focus = stops[(at + step + stops.count) % stops.count]
    }

    mutating func focus(on number: Int) {
        guard Line.all.indices.contains(number), stops.contains(Line.all[number]) else { return }
        focus = Line.all[number]
    }

    /// Takes one of a line's words.
    mutating func choose(_ word: Int, on number: Int) {
        focus(on: number)
        let words = words(focus)
        guard Line.all.firstIndex(of: focus) == number, words.indices.contains(word) else { return }
        texts[focus]?.replace(with: words[word])
        isTouched = true
        if complaint?.line == focus { complaint = nil }
    }

    mutating func handle(_ key: Key) {
        let words = words(focus)
        let before = texts[focus]?.text ?? ""
        if words.isEmpty {
            _ = texts[focus]?.handle(key)
        } else {
            let step = key == .left ? -1 : key == .right || key == .character(" ") ? 1 : 0
            guard step != 0 else { return }
            let at = words.firstIndex(of: before) ?? 0
            texts[focus]?.replace(with: words[(at + step + words.count) % words.count])
        }
        guard texts[focus]?.text != before else { return }
        isTouched = true
        if complaint?.line == focus { complaint = nil }
    }

    mutating func complain(_ line: Line, _ text: String) {
        complaint = (line, text)
        focus = line
    }

    /// What is typed; nil where it cannot be read, which is said then.
    mutating func choice() -> SessionChoice? {
        var choice = SessionChoice()
        for line in Line.all {
            guard case .choice(let field) = line, let text = texts[line]?.text else { continue }
            do throws(SessionChoice.Problem) {
                try choice.set(field, to: text)
            } catch {
                complain(line, error.message)
                return nil
            }
        }
        return choice
    }

    /// Read-only or not, where that is chosen.
    var readOnly: Bool? {
        switch texts[.readOnly]?.text {
        case "yes": true
        case "no": false
        default: nil
        }
    }
}
