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
import Operations
import Profiles
import Screen

/// The programs that get the terminal: psql, and a login to AWS.
extension ScreenLoop {
    /// Begins the session that waits, unless the user is at something else: then once that is over.
    func beginWaiting() {
        guard let ready = waiting, case .screen = holder else { return }
        guard model.yields(to: ready.id) else {
            if !ready.isTold { update(.sessionReady(ready.id)) }
            waiting?.isTold = true
            return
        }
        waiting = nil
        guard let launch = runner.forgetLaunch(ready.id) else { return }
        if ready.isStale(at: Date()) {
            runner.prepare(ready.id, launch.opening)
        } else {
            begin(ready.id, ready.prepared)
        }
    }

    func cancelLaunch(_ id: RequestID) {
        if waiting?.id == id { waiting = nil }
        runner.cancelLaunch(id)
    }

    private func begin(_ id: RequestID, _ prepared: PreparedSession) {
        terminal.lend()
        for line in Banner.lines(prepared.banner, columns: terminal.size.columns) {
            terminal.printWhileLent(line)
        }
        for warning in prepared.warnings {
            terminal.printWhileLent("pgfob: \(DisplayText.sanitised(warning))")
        }
        do throws(ForegroundChild.StartFailure) {
            var session = try RunningSession(prepared, now: Date())
            session.audited = runner.verbs.audit.began(prepared.record, at: session.began.date)
            holder = .session(id, session)
            follow { $0.lookAtTunnel(now: Date()) }
            update(.sessionBegan(id))
        } catch {
            takeBack(
                .sessionEnded(
                    id, SessionEnd(ending: .notStarted(error.line), seconds: 0, token: prepared.token)))
        }
    }

    /// Lets the running session go on with something that was found out about it, and tells its user where its prompt
    /// does not.
    func follow(_ change: (inout RunningSession) -> Void) {
        guard case .session(let id, var session) = holder else { return }
        change(&session)
        for line in session.takeUntold() where ForegroundSession.isReadable(terminal.inputDescriptor) {
            terminal.printWhileLent("pgfob: \(DisplayText.sanitised(line))")
            session.told = line
        }
        holder = .session(id, session)
    }

    func login(_ id: RequestID, _ words: [String], awsProfile: String?) {
        guard case .screen = holder else { return }
        let command: PsqlCommand
        do throws(Refusal) { command = try LoginCommand.prepare(words, surroundings) } catch {
            update(.loginEnded(id, SessionEnd(ending: .notStarted(error.line), seconds: 0)))
            return
        }
        terminal.lend()
        terminal.printWhileLent("-- pgfob: \(DisplayText.sanitised(words.joined(separator: " "))) --")
        do throws(ForegroundChild.StartFailure) {
            let child = try ForegroundChild(command)
            holder = .login(id, RunningLogin(child: child, began: Beginning(), awsProfile: awsProfile))
        } catch {
            takeBack(.loginEnded(id, SessionEnd(ending: .notStarted(error.line), seconds: 0)))
        }
    }

    func beginEditor(_ id: RequestID, _ editor: ProfileEditor) {
        guard case .screen = holder else { return }
        terminal.lend()
        do throws(ForegroundChild.StartFailure) {
            holder = .editor(id, try ForegroundChild(editor.command), editor)
        } catch {
            takeBack(.edited(id, .failed(error.line)))
        }
    }

    func reap() {
        guard let child = holder.child else { return }
        switch child.reap() {
        case .none:
            break
        case .stopped:
            // Stop as a whole, as the shell above expects; on its return the child goes on.
            csys_take_foreground()
            csys_stop_self()
            child.resume()
        case .ended(let how):
            ended(how)
        }
    }

    private func ended(_ how: SessionEnd.Ending) {
        var end: SessionEnd
        let message: App.Message
        switch holder {
        case .session(let id, let session):
            end = SessionEnd(
                ending: how, seconds: session.began.seconds,
                token: session.prepared.token,
                hadConnected: session.prepared.hasConnected,
                hadLost: session.prepared.hasLostConnection)
            end.take(session.trouble?.refusal)
            end.lacksTunnel = session.prepared.tunnel?.trouble != nil
            message = .sessionEnded(id, end)
            runner.ended(session, how)
        case .login(let id, let login):
            end = SessionEnd(ending: how, seconds: login.began.seconds)
            message = .loginEnded(id, end)
            runner.loggedIn(awsProfile: login.awsProfile)
            runner.lookOut(for: [login.awsProfile ?? ""])
        case .editor(let id, _, let editor):
            csys_take_foreground()
            takeBack(.tick)
            guard how == .exited(0) else {
                update(.edited(id, .failed("the editor did not end well: nothing was taken over")))
                return
            }
            runner.readEdited(id, editor)
            return
        case .screen, .farewell: return
        }
        csys_take_foreground()
        var (offers, leavesText) = (false, false)
        if case .session(_, let session) = holder {
            if endsAfterSession {
                lastCode = Self.code(of: how)
                ending = true
            }
            offers = end.offersAgain && session.prepared.isInteractive
            // What a program that does not talk has to say would go under the list at once.
            leavesText = !session.prepared.isInteractive
            if let trouble = session.trouble {
                terminal.printWhileLent("pgfob: \(DisplayText.sanitised(trouble.words))")
            }
            let endedWell = how == .exited(0)
            if let words = session.prepared.tunnelWords(endedWell: endedWell, besides: session.told) {
                terminal.printWhileLent("pgfob: \(DisplayText.sanitised(words))")
            }
        }
        let waits = (how != .exited(0) || offers || leavesText) && !ending
        // Before anybody can answer: it also empties the input.
        if waits { terminal.restoreLineModeWhileLent() }
        terminal.printWhileLent(
            RunningSession.farewell(end, waits: waits, offers: offers, columns: terminal.size.columns))
        if waits || ending {
            holder = .farewell(message)
        } else {
            takeBack(message)
        }
    }

    /// Seconds that a program which has the terminal gets to leave it, once pgfob ends.
    private static let leave = 1.0

    /// The program ends while another has the terminal: that ends as well, and what it leaves stands above the shell's
    /// next line.
    func endChild() {
        guard let child = holder.child else { return }
        child.hangUp()
        let deadline = Date(timeIntervalSinceNow: Self.leave)
        var how: SessionEnd.Ending?
        while how == nil, Date() < deadline {
            Poll.wait([signals.descriptor], until: deadline)
            _ = signals.drain()
            if case .ended(let ending) = child.reap() { how = ending }
        }
        csys_take_foreground()
        terminal.restoreLineModeWhileLent()
        guard case .session(_, let session) = holder else { return terminal.printWhileLent("") }
        let ending = how ?? .killed(signal: SIGHUP)
        runner.ended(session, ending)
        let end = SessionEnd(ending: ending, seconds: session.began.seconds)
        terminal.printWhileLent(RunningSession.farewell(end, waits: false))
    }

    /// What a shell would say of it.
    private static func code(of ending: SessionEnd.Ending) -> Int32 {
        switch ending {
        case .exited(let code): code
        case .killed(let signal): 128 + signal
        case .notStarted: 126
        }
    }

    /// The screen again, and what the model has to know.
    func takeBack(_ message: App.Message) {
        holder = .screen
        terminal.takeBack()
        shown = nil
        update(.resized(terminal.size))
        update(message)
    }
}
