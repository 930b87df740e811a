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
    /// Who has the terminal.
    private enum Holder {
        case screen
        case session(RequestID, RunningSession)
        /// The session has ended badly and its last words stay until Enter.
        case farewell(RequestID, SessionEnd)
    }

    private let terminal: CursesTerminal
    private let runner: EffectRunner
    private let mailbox: Mailbox
    private let signals: ProgramSignals
    private let watch: StoreWatch
    private let book: ProfileBook
    private let theme: Theme
    private var model: Model
    private var shown: Grid?
    private var holder = Holder.screen
    private var ending = false
    /// A dialog opened: the keys that were read together with the one that opened it are not for it.
    private var flushed = false
    private var storeVersion: Int?
    /// The profile whose credentials the header names.
    private var identified: Profile?

    init(
        terminal: CursesTerminal, verbs: Verbs, mailbox: Mailbox, signals: ProgramSignals, watch: StoreWatch,
        theme: Theme
    ) {
        self.terminal = terminal
        self.mailbox = mailbox
        self.signals = signals
        self.watch = watch
        self.theme = theme
        book = verbs.book
        runner = EffectRunner(verbs: verbs, mailbox: mailbox)
        model = Model(size: terminal.size, clock: LocalClock { SystemClock.offset(at: $0) })
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
        update(.firstPage(page))
        for notice in notices { update(.trouble(notice)) }
        paint()
        storeVersion = version
        // What was written since the page was read, before the watch stood, is seen by the version alone.
        if !page.isWhole { runner.reload() } else { storeMayHaveChanged() }
        while !ending {
            paint()
            identify()
            wait()
        }
        runner.cancelAllTests()
        if case .session(_, let session) = holder { session.child.hangUp() }
        return 0
    }

    private func update(_ message: App.Message) {
        for effect in model.update(message, at: Date()) { carryOut(effect) }
    }

    private func paint() {
        guard case .screen = holder else { return }
        let grid = view(model, size: terminal.size, theme: theme)
        guard grid != shown else { return }
        terminal.paint(grid)
        shown = grid
    }

    /// Whose credentials would sign for the selected profile: asked after the painting, away from the loop.
    private func identify() {
        guard case .screen = holder, let selected = model.selectedProfile else { return }
        guard identified?.awsProfile != selected.awsProfile || identified?.auth != selected.auth else {
            return
        }
        identified = selected
        runner.identify(selected)
    }

    // MARK: Waiting

    private func wait() {
        var descriptors = [mailbox.readDescriptor, signals.descriptor]
        if watch.descriptor >= 0 { descriptors.append(watch.descriptor) }
        var deadline: Date?
        switch holder {
        case .screen:
            descriptors.append(terminal.inputDescriptor)
            deadline = model.nextChange(size: terminal.size)
        case .session(_, let session):
            deadline = session.renewalDue
        case .farewell:
            descriptors.append(terminal.inputDescriptor)
        }
        let ready = Poll.wait(descriptors, until: deadline)
        for event in mailbox.drain() { take(event) }
        for signal in signals.drain() { take(signal: signal) }
        if ready.contains(watch.descriptor) { storeMayHaveChanged() }
        if ready.contains(terminal.inputDescriptor) { takeInput() }
        if let deadline, deadline <= Date() { due() }
    }

    private func takeInput() {
        switch holder {
        case .screen:
            flushed = false
            for key in terminal.readKeys() where !flushed { update(.key(key)) }
            if terminal.inputHasEnded { ending = true }
        case .farewell(let id, let end):
            if terminal.readLineWhileLent() { takeBack(id, end) }
        case .session:
            break
        }
    }

    /// The deadline has come: something shown changes, or a token is to be renewed.
    private func due() {
        switch holder {
        case .screen:
            update(.tick)
        case .session(let id, var session):
            if session.takeRenewal(now: Date()) { runner.renew(session.prepared) }
            holder = .session(id, session)
        case .farewell:
            break
        }
    }

    /// The folder of the store saw a write: read again only where another connection committed.
    private func storeMayHaveChanged() {
        watch.drain()
        let version = book.version
        guard version != storeVersion else { return }
        storeVersion = version
        runner.reload()
    }

    // MARK: Answers

    private func take(_ event: LoopEvent) {
        switch event {
        case .message(let message):
            if case .tested(let id, _) = message { runner.forgetTest(id) }
            update(message)
        case .prepared(let id, .success(let prepared)):
            begin(id, prepared)
        case .prepared(let id, .failure(let refusal)):
            update(.sessionEnded(id, SessionEnd(ending: .notStarted(refusal.line), seconds: 0)))
        case .renewed(let clock):
            guard case .session(let id, var session) = holder else { return }
            session.renewed(clock, now: Date())
            holder = .session(id, session)
        }
    }

    private func take(signal: Int32) {
        switch signal {
        case SIGCHLD:
            reap()
        case SIGWINCH:
            resize()
        case SIGTSTP:
            if case .screen = holder { suspend() }
        case SIGCONT:
            if case .screen = holder { resumed() }
        case SIGINT:
            // ^C reaches the child's group alone; here it came from elsewhere, or after a farewell.
            switch holder {
            case .screen: ending = true
            case .farewell(let id, let end): takeBack(id, end)
            case .session: break
            }
        case SIGTERM, SIGHUP:
            ending = true
        default:
            break
        }
    }

    private func resize() {
        guard case .screen = holder else { return }
        terminal.synchroniseSize()
        shown = nil
        update(.resized(terminal.size))
    }

    private func suspend() {
        terminal.suspendProgram()
        resumed()
    }

    private func resumed() {
        terminal.resume()
        shown = nil
        update(.resized(terminal.size))
    }

    // MARK: Effects

    private func carryOut(_ effect: Effect) {
        switch effect {
        case .reload: runner.reload()
        case .write(let id, let change): runner.write(id, change)
        case .test(let id, let profile): runner.test(id, profile)
        case .cancelTest(let id): runner.cancelTest(id)
        case .mint(let id, let profile): runner.mint(id, profile)
        case .parse(let id, let text): runner.parse(id, text)
        case .launch(let id, let profile, let readOnly): runner.prepare(id, profile, readOnly: readOnly)
        case .suspend: suspend()
        case .redraw:
            terminal.repaint()
            shown = nil
        case .flushKeys:
            flushed = true
            terminal.flushInput()
        case .quit: ending = true
        }
    }

    // MARK: The session

    private func begin(_ id: RequestID, _ prepared: PreparedSession) {
        guard case .screen = holder else { return }
        terminal.lend()
        terminal.printWhileLent(DisplayText.sanitised(prepared.banner))
        do throws(ForegroundChild.StartFailure) {
            holder = .session(id, try RunningSession(prepared, now: Date()))
            update(.sessionBegan(id))
        } catch {
            takeBack(id, SessionEnd(ending: .notStarted(error.line), seconds: 0, token: prepared.token))
        }
    }

    private func reap() {
        guard case .session(let id, let session) = holder else { return }
        switch session.child.reap() {
        case .none:
            break
        case .stopped:
            // Stop as a whole, as the shell above expects; on its return the child goes on.
            csys_take_foreground()
            csys_stop_self()
            session.child.resume()
        case .ended(let how):
            let end = SessionEnd(
                ending: how, seconds: Date().timeIntervalSince(session.beganAt), token: session.prepared.token
            )
            runner.recordUse(session.prepared.profile, seconds: end.seconds)
            let waits = how != .exited(0)
            csys_take_foreground()
            terminal.printWhileLent(RunningSession.farewell(end, waits: waits))
            if waits {
                terminal.restoreLineModeWhileLent()
                holder = .farewell(id, end)
            } else {
                takeBack(id, end)
            }
        }
    }

    private func takeBack(_ id: RequestID, _ end: SessionEnd) {
        holder = .screen
        terminal.takeBack()
        shown = nil
        update(.resized(terminal.size))
        update(.sessionEnded(id, end))
    }
}
