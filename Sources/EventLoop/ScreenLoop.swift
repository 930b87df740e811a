#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import App
import CSystem
import Curses
import Operations
import Profiles
import Screen

/// The one loop: waits for keys, workers, signals, the store and the clock, and paints what has changed.
final class ScreenLoop {
    let terminal: CursesTerminal
    let runner: EffectRunner
    let surroundings: Surroundings
    private let mailbox: Mailbox
    let signals: ProgramSignals
    private var storeWatch: StoreWatch
    /// AWS's files and caches: a login elsewhere, a new key.
    private var awsWatches: FolderWatches
    private var theme: Theme
    private let settings: ScreenSettings
    private var settingsWatches: FolderWatches
    private let takesMouse: Bool
    var model: Model
    var shown: Grid?
    var holder = Holder.screen
    var ending = false
    /// Whether it ends by a signal, or as the terminal has gone, and not by a key.
    var wasInterrupted = false
    /// A session that could begin.
    var waiting: WaitingSession?
    /// Whether the first session is the last thing that happens.
    let endsAfterSession: Bool
    /// How that session ended.
    var lastCode: Int32?
    /// A dialog opened: the keys that were read together with the one that opened it are not for it.
    private var flushed = false
    /// Something that may wait is in the mailbox, and when such things were looked at last.
    private var laterWaits = false
    private var lastFrame = Date.distantPast
    /// The profile whose past tests were asked for last, and what its last test was then.
    private var askedHistory: UUID?
    /// The AWS profiles whose credentials the model knows of.
    private var lookedOut: Set<String> = []

    init(
        terminal: CursesTerminal, verbs: Verbs, surroundings: Surroundings, mailbox: Mailbox,
        signals: ProgramSignals, settings: ScreenSettings, reading: ScreenSettings.Reading,
        endsAfterSession: Bool
    ) {
        self.endsAfterSession = endsAfterSession
        self.terminal = terminal
        self.surroundings = surroundings
        self.mailbox = mailbox
        self.signals = signals
        self.settings = settings
        theme = terminal.fitted(reading.theme)
        settingsWatches = FolderWatches(settings.folders)
        takesMouse = reading.takesMouse
        storeWatch = StoreWatch(storePath: surroundings.storePath)
        awsWatches = FolderWatches(verbs.mint.folders)
        runner = EffectRunner(
            verbs: verbs, mailbox: mailbox, clipboard: Clipboard(environment: surroundings.environment))
        model = Model(
            size: terminal.size, clock: LocalClock { SystemClock.offset(at: $0) }, options: reading.options)
    }

    /// Runs until the end and gives the terminal back as it was.
    ///
    /// - Parameters:
    ///   - page: the first profiles; the rest is read after the first paint.
    ///   - version: the store's, from before the page was read.
    ///   - notices: what the settings complained of.
    /// - Returns: the exit code.
    func run(_ page: FirstPage, of version: Int?, notices: [String]) -> Int32 {
        defer { terminal.end() }
        terminal.takeMouse(takesMouse)
        update(.firstPage(page))
        complain(notices)
        paint()
        _ = runner.storeVersion.take(version)
        // What was written since the page was read, before the watch stood, is seen by the version alone.
        runner.watchTunnels()
        if !page.isWhole { runner.reload() } else { runner.reloadIfChanged() }
        runner.followCatalogue()
        findDraft()
        while !ending {
            beginWaiting()
            paint()
            lookOut()
            wait()
        }
        runner.cancelAllTests()
        runner.settleStore()
        runner.cancelAllRuns()
        runner.forgetCopied()
        runner.proxies.stopAll()
        endChild()
        runner.verbs.audit.settle()
        return lastCode ?? (wasInterrupted ? Self.interrupted : 0)
    }

    /// What is wrong with the settings: on the screen, and for later in the log.
    private func complain(_ notices: [String]) {
        for notice in notices { ProgramLog.note(notice) }
        update(.complaints(notices))
    }

    func update(_ message: App.Message) {
        for effect in model.update(message, at: Date()) { carryOut(effect) }
    }

    private func paint() {
        guard case .screen = holder else { return }
        let grid = view(model, size: terminal.size, theme: theme)
        guard grid != shown else { return }
        terminal.paint(grid)
        shown = grid
    }

    /// Whose credentials would sign: asked after the painting, away from the loop, once for each AWS profile.
    private func lookOut() {
        guard case .screen = holder else { return }
        let wanted = model.wantedHistory(size: terminal.size)
        if let wanted, wanted != askedHistory { runner.readHistory(of: wanted) }
        askedHistory = wanted
        let new = model.awsProfiles.subtracting(lookedOut)
        guard !new.isEmpty else { return }
        lookedOut.formUnion(new)
        runner.lookOut(for: new)
    }

    // MARK: Waiting

    /// What may wait is looked at so often: some times a second is all that eyes follow, and keys go first.
    private static let frame = 0.06

    private func wait() {
        var descriptors = [mailbox.readDescriptor, signals.descriptor]
        if !laterWaits { descriptors.append(mailbox.laterDescriptor) }
        if let descriptor = storeWatch.descriptor { descriptors.append(descriptor) }
        descriptors += awsWatches.descriptors
        var deadline: Date?
        switch holder {
        case .screen:
            descriptors.append(terminal.inputDescriptor)
            deadline = model.nextChange(size: terminal.size)
        case .session(_, let session):
            deadline = session.nextLook(now: Date())
        case .login, .editor:
            break
        case .farewell:
            descriptors.append(terminal.inputDescriptor)
        }
        descriptors += settingsWatches.descriptors
        let frameDue = lastFrame.addingTimeInterval(Self.frame)
        let wakeUps = [deadline, laterWaits ? frameDue : nil, storeWatch.due].compactMap { $0 }
        let ready = Poll.wait(descriptors, until: wakeUps.min())
        if ready.contains(mailbox.laterDescriptor) { laterWaits = true }
        takeMail(ready, isDue: laterWaits && frameDue <= Date())
        for signal in signals.drain() { take(signal: signal) }
        if storeWatch.takes(ready, at: Date()) { runner.reloadIfChanged() }
        awsMayHaveChanged(ready)
        if settingsWatches.drain(ready) { runner.readSettings(settings) }
        if ready.contains(terminal.inputDescriptor) { takeInput() }
        if let deadline, deadline <= Date() { due() }
    }

    private func takeMail(_ ready: Set<Int32>, isDue: Bool) {
        guard isDue || ready.contains(mailbox.readDescriptor) else { return }
        if laterWaits { lastFrame = Date() }
        laterWaits = false
        for event in mailbox.drain() { take(event) }
    }

    private func takeInput() {
        switch holder {
        case .screen:
            flushed = false
            for key in terminal.readKeys() where !flushed { update(.key(key)) }
            if terminal.inputHasEnded, !ending { endFromOutside() }
        case .farewell(let message):
            if let line = terminal.readLineWhileLent() { takeBack(answered(message, line)) }
        case .session, .login, .editor:
            break
        }
    }

    /// What the user typed after a farewell: the same session once more, or nothing.
    private func answered(_ message: App.Message, _ line: String) -> App.Message {
        guard case .sessionEnded(let id, var end) = message, end.offersAgain else { return message }
        end.again = line.trimmingBlanks().lowercased() == "r"
        return .sessionEnded(id, end)
    }

    /// The deadline has come: something shown changes, or a token is to be renewed.
    private func due() {
        switch holder {
        case .screen:
            update(.tick)
        case .session(let id, var session):
            if session.takeRenewal(now: Date()) { runner.renew(session.prepared) }
            holder = .session(id, session)
        case .farewell, .login, .editor:
            break
        }
    }

    private func awsMayHaveChanged(_ ready: Set<Int32>) {
        guard awsWatches.drain(ready) else { return }
        runner.lookOut(for: lookedOut)
        follow { $0.credentialsChanged(now: Date()) }
    }

    // MARK: Answers

    private func take(_ event: LoopEvent) {
        switch event {
        case .message(let message):
            if case .tested(let id, _) = message { runner.forgetTest(id) }
            if case .minted(let id, _) = message { runner.forgetTest(id) }
            if case .policy(let id, _) = message { runner.forgetTest(id) }
            if case .proxy(let profile, let state) = message {
                if case .opening = state {} else { runner.forgetProxyOpening(profile) }
            }
            if case .tunnelHeld(let profile, _) = message { runner.forgetTunnel(profile) }
            if case .tunnelRefused(let profile, _) = message { runner.forgetTunnel(profile) }
            if case .ranAll(let id, _) = message { runner.forgetRun(id) }
            if case .sessionElsewhere(let id, _, _) = message { runner.forgetLaunch(id) }
            if case .tunnels = message { follow { $0.lookAtTunnel(now: Date()) } }
            update(message)
        case .prepared(let id, .success(let prepared)):
            if runner.launches[id] != nil { waiting = WaitingSession(id: id, prepared: prepared) }
        case .prepared(let id, .failure(let refusal)):
            guard runner.forgetLaunch(id) != nil else { return }
            let end = SessionEnd(ending: .notStarted(refusal.line), seconds: 0, login: refusal.login)
            update(.sessionEnded(id, end))
        case .copying(let text, let name):
            copy(text.reveal(), name)
        case .editorReady(let id, .success(let editor)):
            beginEditor(id, editor)
        case .editorReady(let id, .failure(let refusal)):
            update(.edited(id, .failed(refusal.line)))
        case .settings(.success(let reading)):
            surroundings.settings.take(reading.forVerbs)
            theme = terminal.fitted(reading.theme)
            terminal.takeMouse(reading.takesMouse)
            update(.options(reading.options))
            complain(reading.notices)
            shown = nil
        case .settings(.failure(let complaint)): complain([complaint.line])
        case .theme(let theme):
            self.theme = terminal.fitted(theme)
            shown = nil
        case .storeChanged:
            // Another program may have taken part in a catalogue only now.
            runner.followCatalogue()
        case .renewed(let outcome): follow { $0.renewed(outcome, now: Date()) }
        }
    }

    private func copy(_ text: String, _ name: String) {
        do throws(Refusal) {
            if let command = try runner.clipboard.terminalText(text) { terminal.send(command) }
            runner.copy(text, name)
        } catch {
            update(.trouble("\(name) was not copied: \(error.line)"))
        }
    }

    // MARK: Effects

    private func carryOut(_ effect: Effect) {
        switch effect {
        case .reload: runner.reload()
        case .write(let id, let change): runner.write(id, change)
        case .test(let id, let profile): runner.test(id, profile)
        case .testAmongMany(let id, let profile): runner.test(id, profile, amongMany: true)
        case .cancelTest(let id): runner.cancelTest(id)
        case .discover(let id, let request): runner.discover(id, request)
        case .mint(let id, let profile): runner.mint(id, profile)
        case .parse(let id, let text): runner.parse(id, text)
        case .run(let id, let sql, let profiles): runner.run(id, sql, profiles)
        case .cancelRun(let id): runner.cancelRun(id)
        case .recall(let id, let profile): runner.recall(id, profile)
        case .recallTest(let id, let profile): runner.recallTest(id, profile)
        case .remember(let profile, let choice): runner.remember(profile, choice)
        case .launch(let id, let opening):
            if opening.choice.place == .here {
                runner.prepare(id, opening)
            } else {
                runner.openWindow(id, opening, surroundings, size: terminal.size)
            }
        case .cancelLaunch(let id): cancelLaunch(id)
        case .cancelTunnel(let id): runner.cancelTunnel(id)
        case .login(let id, let words, let awsProfile): login(id, words, awsProfile: awsProfile)
        case .tunnel(let profile): runner.toggleTunnel(profile)
        case .openProxy(let opening): runner.openProxy(opening)
        case .cancelProxy(let id): runner.cancelProxy(id)
        case .stopProxy(let profile): runner.stopProxy(profile)
        case .answer(let id, let text): runner.answer(id, text)
        case .policy(let id, let profile, let calls): runner.policy(id, profile, calls: calls)
        case .copy(let text, let name): copy(text, name)
        case .copyToken(let profile, let name): runner.copyToken(profile, name)
        case .ask(let id, let question): runner.ask(id, question)
        case .complete(let completion): runner.complete(completion)
        case .edit(let id, let profile, let text): runner.openEditor(id, profile, text, surroundings)
        case .fetchBundle(let id, let profile): runner.fetchBundle(id, profile)
        case .theme(let name, let keeps): runner.wear(name, keeps: keeps, settings)
        case .suspend: suspend()
        case .redraw:
            terminal.repaint()
            shown = nil
        case .flushKeys:
            // What is typed while a child has the terminal is the child's; when it is taken back it is flushed anyway.
            guard case .screen = holder else { break }
            flushed = true
            terminal.flushInput()
        case .countUse: update(.used(runner.use))
        case .quit: ending = true
        }
    }
}
