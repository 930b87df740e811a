import Profiles
import Screen

extension FormState {
    /// Takes a key.
    ///
    /// - Parameters:
    ///   - action: what the key means in a form; nil is text for the field.
    ///   - others: the saved profiles, this one among them.
    mutating func handle(_ key: Key, _ action: Action?, others: [SavedProfile]) -> FormOutcome {
        if takenNames.isEmpty {
            self.others = others.filter { $0.id != base.id || isNew }
            takenNames = Set(self.others.map(\.profile.foldedName))
        }
        if let question { return answer(question, key, action) }
        switch action {
        case .save, .testTyped, .openTyped:
            if let outcome = readFirst() { return outcome }
            settle()
            return action == .save ? save() : use(action == .testTyped ? .test : .open)
        case .editor:
            settle()
            return edit()
        case .cancelForm:
            guard isDirty else { return .cancel }
            question = .discard
        case .nextField:
            // What was typed there is meant to fill the form, whichever key leaves it.
            if focus == nil, !pasteLine.text.isEmpty {
                if let outcome = read(pasteLine.text) { return outcome }
                notes = [unreadable]
            }
            move(1)
        case .previousField: move(-1)
        case .lastField: go(to: FormRow.stops.count - 1)
        case .firstField: go(to: 0)
        case .readOrNext: return enter()
        default:
            if case .paste(let text) = key { return paste(text) }
            type(key)
        }
        return .none
    }

    private mutating func answer(_ question: Question, _ key: Key, _ action: Action?) -> FormOutcome {
        if action == .save {
            // A yes of its own: the key that saves was pressed to come here.
            if case .exposed = question { return .none }
            self.question = nil
            if question == .overwrite { acceptClashes() }
            return save(leavesText: question == .leaveText)
        }
        switch key {
        case .character("y"), .character("Y"):
            if question == .discard { return .cancel }
            if case .exposed(let purpose) = question {
                self.question = nil
                exposureTaken = read().profile.sslmode
                return purpose == .save ? save(leavesText: true) : use(purpose)
            }
        case .character("t"), .character("T"):
            guard question == .overwrite else { break }
            takeTheirs()
            self.question = nil
        case .character("n"), .character("N"), .escape, .enter: self.question = nil
        default: break
        }
        return .none
    }

    mutating func move(_ by: Int) {
        let stops = FormRow.stops
        let at = stops.firstIndex { $0 == focus } ?? 0
        go(to: (at + by + stops.count) % stops.count)
    }

    /// Puts the cursor into the field at a place of ``FormRow/stops``.
    ///
    /// - Returns: whether it was there already.
    @discardableResult
    mutating func go(to stop: Int) -> Bool {
        guard question == nil, FormRow.stops.indices.contains(stop) else { return false }
        let wanted = FormRow.stops[stop]
        guard wanted != focus else { return true }
        if let focus { visited.insert(focus) }
        if focus == .host { settle() }
        focus = wanted
        return false
    }

    /// Takes what a typed endpoint tells into other fields.
    private mutating func settle() {
        let hasHost = controls[.host]?.isChanged == true
        settleHost()
        if hasHost { settleEnvironment() }
    }

    /// Takes a typed endpoint apart: a port behind it goes to the port's own field, where nobody has typed another, and
    /// the dot at its end goes.
    private mutating func settleHost() {
        // What nobody has touched is not changed on the way past it.
        guard let control = controls[.host], control.isChanged || focus == .host,
            let written = WrittenHost(control.text),
            written.host != control.text.trimmingBlanks()
        else { return }
        if let port = written.port {
            guard let field = controls[.port],
                !field.isChanged || field.text.trimmingBlanks() == String(port)
            else { return }
            controls[.port]?.replace(with: String(port))
            notes = [WrittenHost.portNote(port)]
        } else if HostName.withoutDot(control.text.trimmingBlanks()) == written.host {
            notes = [WrittenHost.dotNote]
        }
        controls[.host]?.replace(with: written.host)
    }

    /// A click into a field: the cursor goes there; a choice of which one word alone is shown goes on to the next.
    mutating func click(_ stop: Int) {
        guard go(to: stop), let focus, controls[focus]?.isChoice == true else { return }
        type(.right)
    }

    /// A click on a word of a choice.
    mutating func choose(_ word: Int, at stop: Int) {
        go(to: stop)
        guard question == nil, let focus, let words = controls[focus]?.words, words.indices.contains(word)
        else { return }
        controls[focus]?.replace(with: words[word])
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
        if let outcome = read(pasteLine.text) { return outcome }
        notes = [unreadable]
        return .none
    }

    /// What the paste line holds is not what fills a form, and what to do.
    private var unreadable: String {
        let (what, remedy) = PastedText.refusal(of: pasteLine.text)
        return "that \(what): \(remedy ?? "paste one of these, or fill in the fields")"
    }

    /// What stands on the paste line and was not read would be lost with the form: it is read first, and looked at, or has to
    /// go. Nil where nothing stands there.
    private mutating func readFirst() -> FormOutcome? {
        guard !pasteLine.text.isEmpty else { return nil }
        if let outcome = read(pasteLine.text) { return outcome }
        focus = nil
        notes = ["the paste line \(PastedText.refusal(of: pasteLine.text).what): ^U empties it"]
        return FormOutcome.none
    }

    /// A paste that is a connection fills the form wherever the cursor is; an endpoint only where a host is
    /// meant. Anything else is text for the field.
    private mutating func paste(_ text: String) -> FormOutcome {
        switch PastedText.read(text) {
        case .conninfo, .token: return read(text) ?? .none
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
            remarks = PastedText.remarks(on: text)
            return .parse(conninfo)
        case .token(let fields):
            var (profile, _) = judged()
            do throws(FieldProblem) {
                try profile.apply(token: fields)
                notes = []
                fill(from: profile)
                settleEnvironment()
            } catch {
                notes = ["\(error.field.rawValue) \(error.message)"]
            }
            return FormOutcome.none
        case .endpoint(let host, let port):
            var (profile, _) = judged()
            profile.host = host
            if let port { profile.port = port }
            notes = []
            fill(from: profile)
            settleEnvironment()
            return FormOutcome.none
        case .unrecognised:
            return nil
        }
    }

    private mutating func save(leavesText: Bool = false) -> FormOutcome {
        guard let profile = valid() else { return .none }
        // Neither what somebody else has saved nor what was typed in the editor goes without a word.
        if !clashing.isEmpty {
            question = .overwrite
            return .none
        }
        if brokenText != nil, !leavesText {
            question = .leaveText
            return .none
        }
        guard isNew || profile != base else { return .cancel }
        guard !exposes(profile) else {
            question = .exposed(.save)
            return .none
        }
        return .save(profile, from: isNew ? nil : base)
    }

    /// The editor gets what is typed as far as it can be read, or the text that came back broken.
    private func edit() -> FormOutcome {
        .edit(judged().profile, brokenText.map { .broken($0) } ?? .written(unknown: unknownLines))
    }

    /// The profile as typed for a test or a psql, which send its token.
    private mutating func use(_ purpose: Purpose) -> FormOutcome {
        guard let profile = valid() else { return .none }
        guard !exposes(profile) else {
            question = .exposed(purpose)
            return .none
        }
        return purpose == .open ? .open(profile) : .test(profile)
    }

    /// Whether nobody has said yes yet to whom the profile's token would go.
    private func exposes(_ profile: Profile) -> Bool {
        profile.exposure(beyond: base) != nil && !(exposureTaken.map { $0 <= profile.sslmode } ?? false)
    }

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
