import Profiles
import Screen

/// `:` and what its commands do.
extension Model {
    mutating func openPalette() -> [Effect] {
        layers.append(.palette(PaletteState()))
        return []
    }

    /// Why a command does nothing now.
    func obstacle(_ command: PaletteCommand) -> String? {
        switch command.verb {
        case .action(let action): obstacle(action)
        case .connect: command.isOptional ? nil : obstacle(.open)
        case .testMarked: list.markedProfiles.isEmpty ? nothingMarked : nil
        case .testAll: list.saved.isEmpty ? noSelection : nil
        case .tag, .untag, .setGroup, .setEnvironment, .run, .catalogueShare, .catalogueMine,
            .catalogueTheirs:
            targets.isEmpty ? noSelection : nil
        case .conninfo: list.selected == nil ? noSelection : nil
        case .proxy: proxyObstacle
        case .stopProxy: list.selected == nil && proxies.isEmpty ? noSelection : nil
        case .whoami: policyObstacle
        case .exportFile: list.shown.isEmpty ? noSelection : nil
        case .discover: discovery == nil ? nil : "AWS is being asked already: Esc in the list cancels"
        case .sort, .group, .filter, .theme, .fetchBundle, .bundles, .history, .historyOfAll, .doctor,
            .settings,
            .keys, .trash, .restore, .importFile, .demo, .catalogue, .cataloguePull, .cataloguePush:
            nil
        }
    }

    private var nothingMarked: String {
        list.marked.isEmpty ? "nothing is marked" : "the filter hides what is marked"
    }

    mutating func paletteKey(_ key: Key, _ action: Action?) -> [Effect] {
        guard case .palette(var palette) = layers.last else { return [] }
        let candidates = candidates(palette)
        switch action {
        case .back:
            layers.removeLast()
            return []
        case .help: return openHelp()
        case .run: return run(palette, candidates)
        case .complete: complete(&palette, candidates)
        case .up where palette.isRecalling || palette.selection == 0 && !paletteHistory.isEmpty:
            palette.recall(1, paletteHistory)
        case .down where palette.isRecalling: palette.recall(-1, paletteHistory)
        case .up, .down: palette.move(by: action == .up ? -1 : 1, among: candidates)
        case .older: palette.recall(1, paletteHistory)
        case .newer: palette.recall(-1, paletteHistory)
        default: _ = palette.handle(key)
        }
        let effects = completion(&palette)
        layers[layers.count - 1] = .palette(palette)
        return effects
    }

    private mutating func run(_ palette: PaletteState, _ candidates: [PaletteState.Candidate]) -> [Effect] {
        var palette = palette
        let chosen = candidates.indices.contains(palette.selection) ? candidates[palette.selection] : nil
        let command: PaletteCommand
        var argument = ""
        if let (named, typed) = palette.withArgument(PaletteCommand.all(options)) {
            (command, argument) = (named, typed)
            if let chosen, chosen.isArgument, palette.isChosen || !chosen.isOffered {
                argument = String(chosen.text.dropFirst(named.name.count + 1))
            }
        } else if let chosen {
            guard palette.isMeant(chosen, among: candidates) else {
                palette.replace(with: chosen.text, byEnter: true)
                layers[layers.count - 1] = .palette(palette)
                return []
            }
            command = chosen.command
        } else if let whole = palette.wholeLine(PaletteCommand.all(options)) {
            palette.replace(with: whole, byEnter: true)
            let effects = completion(&palette)
            layers[layers.count - 1] = .palette(palette)
            return effects
        } else {
            let typed = palette.line.text.trimmingBlanks()
            let shown = DisplayText.truncated(DisplayText.sanitised(typed), to: 30)
            let why = PaletteCommand.elsewhere[typed.lowercased()]
            say(why.map { "\(shown) \($0)" } ?? "no command is called \(shown)")
            return []
        }
        guard command.argument == .none || command.isOptional || !argument.isEmpty else {
            palette.replace(with: command.name + " ")
            let effects = completion(&palette)
            layers[layers.count - 1] = .palette(palette)
            return effects
        }
        if command.verb == .setEnvironment, !palette.isCompleted, doubt(ofEnvironment: argument) != nil {
            palette.replace(with: "\(command.name) \(argument)", byEnter: true)
            layers[layers.count - 1] = .palette(palette)
            return []
        }
        layers.removeLast()
        let line = argument.isEmpty ? command.name : "\(command.name) \(argument)"
        paletteHistory.removeAll { $0 == line }
        paletteHistory.append(line)
        if paletteHistory.count > 100 { paletteHistory.removeFirst() }
        if let obstacle = obstacle(command) {
            say(obstacle)
            return []
        }
        return perform(command.verb, argument)
    }

    private mutating func perform(_ verb: PaletteCommand.Verb, _ argument: String) -> [Effect] {
        switch verb {
        case .tag, .untag, .setGroup, .setEnvironment, .catalogueShare, .catalogueMine, .catalogueTheirs:
            let line = DisplayText.truncated(DisplayText.sanitised(paletteHistory.last ?? ""), to: 40)
            return askFolded(":\(line) on", .command(verb, argument)) ?? carryOut(verb, argument)
        default: return carryOut(verb, argument)
        }
    }

    mutating func carryOut(_ verb: PaletteCommand.Verb, _ argument: String) -> [Effect] {
        switch verb {
        case .action(let action): return perform(action)
        case .connect: return connect(argument)
        case .testMarked: return testAll(list.markedProfiles)
        case .testAll: return testAll(list.saved)
        case .sort:
            guard let column = SortOrder.Column(rawValue: argument) else {
                return unknown(argument, SortOrder.Column.allCases.map(\.rawValue))
            }
            sort(by: column)
        case .group:
            guard let grouping = Grouping(rawValue: argument) else {
                return unknown(argument, Grouping.allCases.map(\.rawValue))
            }
            group(by: grouping)
        case .filter:
            list.setFilter(argument, now: now)
            sayHiddenMarks()
        case .theme:
            guard !argument.isEmpty else { return openThemes() }
            guard options.themes.contains(argument) else { return unknown(argument, options.themes) }
            options.theme = argument
            return [.theme(argument, keeps: true)]
        case .tag, .untag, .setGroup, .setEnvironment: return change(verb, argument)
        case .run: return askRun(argument)
        case .trash: return ask(.trash)
        case .settings: showComplaints()
        case .keys:
            status = nil
            layers.append(
                .text(
                    TextState(
                        title: "Keys", name: "the keys", text: options.keys.text(path: options.configPath),
                        isTable: true)))
        case .doctor:
            say("looking at this machine ...")
            return ask(.doctor)
        case .catalogue, .cataloguePull, .cataloguePush, .catalogueShare, .catalogueMine, .catalogueTheirs:
            return askCatalogue(verb, argument)
        case .restore: return ask(.restore(argument))
        case .importFile: return ask(.importFile(argument))
        case .discover: return discover(argument)
        case .exportFile:
            let marked = list.markedProfiles
            return ask(.exportFile(argument, (marked.isEmpty ? list.shown : marked).map(\.profile)))
        case .demo:
            let profiles = Demo.profiles(taken: Set(list.saved.map(\.profile.foldedName)))
            return insert(profiles, words: "added \(profiles.count) example profiles")
        case .proxy: return openProxy()
        case .stopProxy: return stopProxy(argument)
        case .whoami: return ask(.whoami(list.selected?.profile.awsProfile))
        case .fetchBundle: return fetchBundle(for: list.selected?.profile ?? Profile(), run: nil)
        case .bundles: return ask(.bundles)
        case .history: return ask(.history(argument.isEmpty ? list.selected?.profile.name : argument))
        case .historyOfAll: return ask(.history(nil))
        case .conninfo:
            guard let saved = list.selected else { return [] }
            let text = CopyState(profile: effective(saved.profile)).conninfo.keywordText
            layers.append(
                .text(
                    TextState(
                        title: "Conninfo: \(label(saved.profile))",
                        name: "the conninfo of \(label(saved.profile))",
                        text: text)))
        }
        return []
    }

    /// - Parameter words: what there is instead, where that is not told while the name is typed.
    private mutating func unknown(_ argument: String, _ words: [String] = []) -> [Effect] {
        let shown = DisplayText.truncated(DisplayText.sanitised(argument), to: 30)
        let near = Nearest.match(argument, among: words).map { "did you mean \($0)?" }
        let choices = words.isEmpty ? nil : "choose \(words.joined(separator: ", "))"
        say("there is no \(shown) to choose" + ((near ?? choices).map { ": \($0)" } ?? ""))
        return []
    }

    /// What there is to say of an environment that no profile has yet and whose word is nearly another's: a slip of the
    /// finger would take a profile's guard away.
    func doubt(ofEnvironment word: String) -> String? {
        guard case .other(let own)? = Environment(word) else { return nil }
        let known = Set(list.saved.compactMap(\.profile.environment)).union(Environment.known)
        guard Profile.fold(own) != PaletteCommand.clearing,
            !known.contains(where: { $0.folded == Environment.other(own).folded }),
            let near = Nearest.match(own, among: known.map(\.word).sorted())
        else { return nil }
        return "\(DisplayText.sanitised(own)) would be a new environment: did you mean \(near)?"
    }

    private mutating func connect(_ name: String) -> [Effect] {
        if !name.isEmpty {
            guard let saved = list.saved.first(where: { $0.profile.foldedName == Profile.fold(name) }) else {
                // What leads to a database without being a profile's name is as good as pasted.
                return PastedText.read(name) == .unrecognised ? unknown(name) : openForm(pasting: name)
            }
            if !list.go(to: saved.id) {
                list.setFilter("", now: now)
                list.go(to: saved.id)
            }
        }
        return perform(.open)
    }

    private mutating func change(_ verb: PaletteCommand.Verb, _ argument: String) -> [Effect] {
        let field: ProfileField
        switch verb {
        case .tag, .untag: field = .tags
        case .setGroup: field = .group
        default: field = .environment
        }
        let clears = field != .tags && Profile.fold(argument) == PaletteCommand.clearing
        // Judged once as every field is, so that a bad word is told before anything is written.
        var probe = Profile()
        do throws(FieldProblem) { try probe.set(field, to: clears ? "" : argument) } catch {
            say("\(field.label) \(error.message)", .trouble)
            return []
        }
        let shown = DisplayText.sanitised(argument)
        switch verb {
        case .tag:
            return change("tagged \(shown)") { profile in
                for tag in probe.tags where !profile.tags.contains(tag) { profile.tags.append(tag) }
            }
        case .untag:
            return change("untagged \(shown)") { profile in profile.tags.removeAll { probe.tags.contains($0) }
            }
        case .setGroup:
            return change(clears ? "took the group of" : "grouped under \(shown)") {
                $0.group = probe.group
            }
        default:
            return change(clears ? "took the environment of" : "set to \(shown)") {
                $0.environment = probe.environment
            }
        }
    }

    /// Saves new profiles as one change.
    mutating func insert(_ profiles: [Profile], words: String) -> [Effect] {
        guard let first = profiles.first else { return [] }
        return write(
            UndoStack.Change(
                words: words, make: .insertAll(profiles), takeBack: .trash(profiles.map(\.id)),
                profile: first.id),
            from: .list)
    }

    private mutating func askCatalogue(_ verb: PaletteCommand.Verb, _ argument: String) -> [Effect] {
        let through = argument.isEmpty ? nil : argument
        let names = targets.map(\.profile.name)
        say("asking the team's catalogue ...")
        switch verb {
        case .cataloguePull: return ask(.catalogue(.pull(through: through)))
        case .cataloguePush: return ask(.catalogue(.push([])))
        case .catalogueShare: return ask(.catalogue(.push(names)))
        case .catalogueMine: return ask(.catalogue(.decide(mine: true, names)))
        case .catalogueTheirs: return ask(.catalogue(.decide(mine: false, names)))
        default: return ask(.catalogue(.status(through: through)))
        }
    }

    // MARK: What others do

    /// Asks for something that is answered by a text, a line or profiles.
    mutating func ask(_ question: Question) -> [Effect] {
        let id = newRequest()
        pending[id] = .question
        return [.ask(id, question)]
    }

    mutating func answered(_ id: RequestID, _ answer: Answer) -> [Effect] {
        guard case .question = pending.removeValue(forKey: id) else { return [] }
        if id == discovery {
            discovery = nil
            if case .intake(let intake) = answer {
                waitingIntake = IntakeState(intake, verb: Self.added)
                sayWaiting("AWS has answered: \(intake.counts)")
                return []
            }
        }
        switch answer {
        case .text(let title, let name, let text):
            status = nil
            waitingTexts.append(TextState(title: title, name: name, text: text))
            sayWaiting("\(title): there is an answer")
        case .done(let line): say(line, .ok)
        case .changed(let line, let batch):
            guard let first = batch.first else {
                say(line, .ok)
                break
            }
            undo.push(
                UndoStack.Change(
                    words: line, make: .batch(batch), takeBack: .batch(batch.opposite), profile: first))
            say("\(line): \(keyName(.undo)) takes it back", .ok)
        case .failed(let line): say(line, .trouble)
        case .intake(let intake):
            waitingIntake = IntakeState(intake, verb: "imported")
            sayWaiting("\(intake.source): \(intake.counts)")
        }
        return []
    }
}
