import Profiles
import Screen

/// `c`: opens a session with more said than the profile says.
extension Model {
    mutating func openConnect() -> [Effect] {
        guard let saved = list.selected else { return [] }
        layers.append(
            .connect(ConnectState(saved.id, effective(saved.profile), hasWindows: options.hasWindows)))
        let id = newRequest()
        pending[id] = .recall(saved.id)
        return [.flushKeys, .recall(id, saved.id)]
    }

    /// The store remembers what the profile was opened with.
    mutating func recalled(_ id: RequestID, _ choice: SessionChoice) {
        guard case .recall(let profile) = pending.removeValue(forKey: id),
            let place = layers.lastIndex(where: { if case .connect = $0 { true } else { false } }),
            case .connect(var connect) = layers[place], connect.saved == profile
        else { return }
        connect.recalled(choice)
        layers[place] = .connect(connect)
    }

    /// `O`: in a window of tmux, while the list stays.
    mutating func open(in place: SessionChoice.Place) -> [Effect] {
        guard let saved = list.selected else { return [] }
        var choice = SessionChoice()
        choice.place = place
        return open(saved, effective(saved.profile), choice)
    }

    /// Why no window is opened.
    var windowObstacle: String? {
        guard list.selected != nil else { return noSelection }
        return options.hasWindows ? nil : "windows need tmux: start pgfob inside it"
    }

    mutating func sessionElsewhere(_ id: RequestID, _ place: SessionChoice.Place, _ failure: String?) {
        launched(id)
        guard case .session(let opening) = pending.removeValue(forKey: id) else { return }
        let program = opening.choice.programName.map(DisplayText.sanitised) ?? "psql"
        var words = place == .split ? "a pane of its own" : "a window of its own"
        if place != opening.choice.place { words = "a window: no room for a pane" }
        if let failure {
            say(failure, .trouble)
        } else {
            say("\(program) on \(label(opening.profile)) runs in \(words)", .ok)
        }
    }

    mutating func connectKey(_ key: Key, _ action: Action?) -> [Effect] {
        guard case .connect(var connect) = layers.last else { return [] }
        switch action {
        case .back:
            layers.removeLast()
            return []
        case .help: return openHelp()
        case .openChosen: return open(connect)
        case .nextField: connect.move(1)
        case .previousField: connect.move(-1)
        default: connect.handle(key)
        }
        layers[layers.count - 1] = .connect(connect)
        return []
    }

    private mutating func open(_ connect: ConnectState) -> [Effect] {
        var connect = connect
        let choice = connect.choice()
        layers[layers.count - 1] = .connect(connect)
        guard let choice, let saved = list.profile(connect.saved) else { return [] }
        var profile = connect.profile
        if let endpoint = choice.endpoint {
            do throws(FieldProblem) {
                profile = try profile.on(endpoint, among: list.saved.lazy.map(\.profile))
            } catch {
                connect.complain(.choice(.endpoint), error.message)
                layers[layers.count - 1] = .connect(connect)
                return []
            }
        }
        layers.removeLast()
        // What is asked to be read-only is so for the question too.
        if connect.readOnly == true { profile.readOnly = true }
        return [.remember(saved.id, choice)] + open(saved, profile, choice, writes: connect.readOnly == false)
    }
}
