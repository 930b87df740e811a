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
import Workers

/// psql without the screen, for `pgfob connect`: the program stays its parent and renews its token.
package enum ForegroundSession {
    /// How it ended.
    package enum Ending: Sendable, Hashable {
        /// The child's own code, whatever it is.
        case exited(Int32)
        /// The signal that ended the child.
        case killed(Int32)
        /// The program could not be run: one line and 126 or 127 (design/cli.md).
        case notStarted(String, Int32)

        /// What pgfob ends with for it: as a shell, 128 and the number for a signal.
        package var exitCode: Int32 {
            switch self {
            case .exited(let code), .notStarted(_, let code): code
            case .killed(let signal): 128 + signal
            }
        }

        fileprivate var told: SessionEnd.Ending {
            switch self {
            case .exited(let code): .exited(code)
            case .killed(let signal): .killed(signal: signal)
            case .notStarted(let line, _): .notStarted(line)
            }
        }
    }

    /// A session that has ended.
    package struct Outcome {
        package var ending: Ending
        package var seconds: Double
        /// Why its token was not renewed any more, and in words with the time; nil where all was well.
        package var trouble: (refusal: Refusal, words: String)?
        /// What was printed last while it ran; nil where nothing was.
        package var told: String?
        let end: SessionEnd

        init(
            _ prepared: PreparedSession, _ ending: Ending, seconds: Double = 0,
            _ trouble: RunningSession.Trouble? = nil, told: String? = nil
        ) {
            (self.ending, self.seconds, self.told) = (ending, seconds, told)
            self.trouble = trouble.map { ($0.refusal, $0.words) }
            var end = SessionEnd(
                ending: ending.told, seconds: seconds, hadConnected: prepared.hasConnected,
                hadLost: prepared.hasLostConnection)
            end.take(trouble?.refusal)
            end.lacksTunnel = prepared.tunnel?.trouble != nil
            self.end = end
        }

        /// What is printed.
        package var farewell: String { RunningSession.farewell(end, waits: false) }

        /// Whether another try is worth asking for.
        package var offersAgain: Bool { end.offersAgain }
    }

    /// Runs the session and blocks until it has ended.
    ///
    /// - Parameter began: called when it has started.
    package static func run(
        _ prepared: PreparedSession, preparer: SessionPreparer, began: (Date) -> Void
    ) -> Outcome {
        guard let signals = ProgramSignals(), let mailbox = Mailbox() else {
            return Outcome(
                prepared, .notStarted("no descriptor is left: close some files and try again", 126))
        }
        var session: RunningSession
        do throws(ForegroundChild.StartFailure) {
            session = try RunningSession(prepared, now: Date())
        } catch {
            return Outcome(prepared, .notStarted(error.line, error.exitCode))
        }
        defer {
            csys_take_foreground()
            prepared.ended(group: session.child.group)
        }
        began(session.began.date)
        let crew = Crew(limit: 1)
        // AWS's files and caches; nobody looks at them before something is wrong.
        var watches = FolderWatches([])
        preparer.routes.onChange { mailbox.post(.notice("")) }
        while true {
            if session.takeRenewal(now: Date()) {
                crew.submit { mailbox.post(.renewed(RunningSession.renewal(of: prepared, by: preparer))) }
            }
            let ready = Poll.wait(
                [signals.descriptor, mailbox.readDescriptor] + watches.descriptors,
                until: session.nextLook(now: Date()))
            for event in mailbox.drain() {
                if case .renewed(let outcome) = event { session.renewed(outcome, now: Date()) }
            }
            if session.trouble != nil, watches.descriptors.isEmpty {
                watches = FolderWatches(preparer.credentialFolders)
            }
            if watches.drain(ready) { session.credentialsChanged(now: Date()) }
            session.lookAtTunnel(now: Date())
            for line in session.takeUntold() where isReadable(2) {
                ProgramLog.note(DisplayText.sanitised(line))
                session.told = line
            }
            passOn(signals, to: session.child)
            if let ending = reaped(session.child) {
                return Outcome(
                    prepared, seen(ending), seconds: session.began.seconds,
                    session.trouble, told: session.told)
            }
        }
    }

    /// Whether a line that is written there now is read as such: not where a program has the terminal for itself, key by
    /// key, or asks for a password.
    static func isReadable(_ descriptor: Int32) -> Bool {
        var modes = termios()
        guard tcgetattr(descriptor, &modes) == 0 else { return true }
        let lines = tcflag_t(ICANON | ECHO)
        return modes.c_lflag & lines == lines
    }

    /// Runs another program, such as an editor, and blocks until it has ended.
    package static func run(_ command: PsqlCommand) -> Ending {
        guard let signals = ProgramSignals() else {
            return .notStarted("no descriptor is left: close some files and try again", 126)
        }
        let child: ForegroundChild
        do throws(ForegroundChild.StartFailure) { child = try ForegroundChild(command) } catch {
            return .notStarted(error.line, error.exitCode)
        }
        defer { csys_take_foreground() }
        while true {
            Poll.wait([signals.descriptor], until: nil)
            passOn(signals, to: child)
            if let ending = reaped(child) { return seen(ending) }
        }
    }

    /// What is sent to pgfob is meant for its child. What the terminal sends reaches a child in pgfob's own group as well.
    private static func passOn(_ signals: ProgramSignals, to child: ForegroundChild) {
        for (signal, bySystem) in signals.drainMarked() where !(bySystem && child.ownGroup == nil) {
            switch signal {
            case SIGHUP, SIGTERM: child.hangUp()
            case SIGINT, SIGTSTP: child.send(signal)
            default: break
            }
        }
    }

    /// How a child has ended, if it has; one that was stopped stops the whole program with it.
    private static func reaped(_ child: ForegroundChild) -> SessionEnd.Ending? {
        switch child.reap() {
        case .none: return nil
        case .stopped:
            csys_take_foreground()
            csys_stop_job()
            child.resume()
            return nil
        case .ended(let ending):
            if case .killed = ending {
                // It had no time to leave the terminal as it was.
                csys_take_foreground()
                csys_restore_modes()
            }
            return ending
        }
    }

    private static func seen(_ ending: SessionEnd.Ending) -> Ending {
        switch ending {
        case .exited(let code): .exited(code)
        case .killed(let signal): .killed(signal)
        case .notStarted(let line): .notStarted(line, 126)
        }
    }
}
