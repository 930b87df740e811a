import Profiles
import Screen

extension FormState {
    /// Takes a key.
    ///
    /// - Parameter others: the saved profiles, this one among them.
    package mutating func handle(_ key: Key, others: [SavedProfile]) -> FormOutcome {
        if takenNames.isEmpty {
            takenNames = Set(others.filter { $0.id != base.id || isNew }.map(\.profile.foldedName))
        }
        if let question { return answer(question, key) }
        switch key {
        case .control("s"): return save()
        case .control("t"): return test()
        case .escape: return leave(.discard, .cancel)
        case .control("c"): return leave(.quit, .quit)
        case .tab, .down: move(1)
        case .backTab, .up: move(-1)
        case .pageDown: focus = FormRow.stops.last ?? nil
        case .pageUp: focus = FormRow.stops.first ?? nil
        case .enter: return enter()
        case .paste(let text): return paste(text)
        default: type(key)
        }
        return .none
    }

    /// The keys of the form, for the footer.
    package var footer: String {
        if question != nil { return "y yes   n no, go on" }
        let choice = focus.flatMap { controls[$0]?.isChoice } == true ? "Space choose   " : ""
        return "\(choice)^S save   ^T test   Tab next   S-Tab back   Esc cancel   F1 help"
    }

    private mutating func answer(_ question: Question, _ key: Key) -> FormOutcome {
        switch key {
        case .character("y"), .character("Y"): return question == .quit ? .quit : .cancel
        case .character("n"), .character("N"), .escape, .enter: self.question = nil
        case .control("s"):
            self.question = nil
            return save()
        default: break
        }
        return .none
    }

    private mutating func leave(_ question: Question, _ outcome: FormOutcome) -> FormOutcome {
        guard isDirty else { return outcome }
        self.question = question
        return .none
    }

    private mutating func move(_ by: Int) {
        if let focus { visited.insert(focus) }
        let stops = FormRow.stops
        let at = stops.firstIndex { $0 == focus } ?? 0
        focus = stops[(at + by + stops.count) % stops.count]
    }

    private mutating func type(_ key: Key) {
        guard let focus else {
            _ = pasteLine.handle(key)
            return
        }
        let before = controls[focus]?.text
        _ = controls[focus]?.handle(key)
        if controls[focus]?.text != before, refusal?.field == focus { refusal = nil }
    }

    /// Enter goes on to the next field; on the paste line it reads what stands there.
    private mutating func enter() -> FormOutcome {
        guard focus == nil, !pasteLine.text.isEmpty else {
            move(1)
            return .none
        }
        return read(pasteLine.text)
            ?? {
                notes = ["that is no URI, psql command or endpoint"]
                return .none
            }()
    }

    /// A paste that is a connection fills the form wherever the cursor is; an endpoint only where a host is
    /// meant. Anything else is text for the field.
    private mutating func paste(_ text: String) -> FormOutcome {
        switch PastedText.read(text) {
        case .conninfo: return read(text) ?? .none
        case .endpoint where focus == nil || focus == .host: return read(text) ?? .none
        case .endpoint, .unrecognised:
            type(.paste(text))
            return .none
        }
    }

    private mutating func read(_ text: String) -> FormOutcome? {
        switch PastedText.read(text) {
        case .conninfo(let conninfo):
            notes = ["reading what was pasted ..."]
            return .parse(conninfo)
        case .endpoint(let host, let port):
            var (profile, _) = judged()
            profile.host = host
            if let port { profile.port = port }
            notes = []
            fill(from: profile)
            return FormOutcome.none
        case .unrecognised:
            return nil
        }
    }

    private mutating func save() -> FormOutcome {
        guard let profile = valid() else { return .none }
        guard isNew || profile != base else { return .cancel }
        return .save(profile, from: isNew ? nil : base)
    }

    private mutating func test() -> FormOutcome { valid().map { .test($0) } ?? .none }

    /// The profile where nothing is wrong; else the cursor goes to the first error.
    private mutating func valid() -> Profile? {
        refusal = nil
        let (profile, problems) = judged()
        guard let first = problems.first(where: { $0.severity == .error }) else { return profile }
        visited = Set(ProfileField.allCases)
        focus = first.field
        return nil
    }
}
