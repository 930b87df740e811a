#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import App
import CSystem
import Profiles
import Workers

/// A program that has the terminal: default signals, empty mask, and the foreground for its process group, unless it is
/// part of a pipeline.
///
/// It gets HUP when pgfob is killed, as if the terminal had hung up: nobody renews its token then or keeps its tunnel
/// up, its terminal is the shell's again, and a transaction that it has open would keep its locks with nobody to end it.
/// A program that is to go on has `nohup` before it. The system ties that to the thread that starts it, which is to be
/// the main one.
struct ForegroundChild {
    /// What `waitpid` saw.
    enum Change: Equatable {
        case none
        /// ^Z, or a stop from elsewhere.
        case stopped
        case ended(SessionEnd.Ending)
    }

    let pid: pid_t
    /// Its process group; nil where it is pgfob's own.
    let ownGroup: pid_t?

    /// Starts the program by argv, without a shell.
    ///
    /// - Throws: ``StartFailure`` with the system's error number.
    init(_ command: PsqlCommand) throws(StartFailure) {
        let arguments = [command.executable] + command.arguments
        let environment = command.environment.map { "\($0.key)=\($0.value)" }.sorted()
        var (pid, group): (pid_t, pid_t) = (-1, 0)
        let failure = withCStrings(arguments) { argv in
            withCStrings(environment) { envp in
                csys_spawn_foreground(
                    command.executable, argv, envp, command.descriptors, Int32(command.descriptors.count),
                    &pid, &group)
            }
        }
        guard failure == 0 else { throw StartFailure(executable: command.executable, errorNumber: failure) }
        self.pid = pid
        ownGroup = group > 0 ? group : nil
    }

    /// The group that it is in.
    var group: pid_t { ownGroup ?? getpgrp() }

    /// Why a program could not be started.
    struct StartFailure: Error {
        var executable: String
        var errorNumber: Int32

        /// One line with what to do.
        var line: String {
            let reason = String(cString: strerror(errorNumber))
            return "\(executable) cannot be started (\(reason)): check that it is there, and its permissions"
        }

        /// As a shell would end: 127 not found, 126 found and not runnable (design/cli.md).
        var exitCode: Int32 { errorNumber == ENOENT ? 127 : 126 }
    }

    /// Asks, without waiting, what became of it. The corresponding C function is `waitpid`.
    func reap() -> Change {
        var code: Int32 = 0
        switch csys_reap(pid, &code) {
        case CSYS_EXITED: return .ended(.exited(code))
        case CSYS_SIGNALLED: return .ended(.killed(signal: code))
        case CSYS_STOPPED: return .stopped
        default: return .none
        }
    }

    /// Gives it the foreground again and lets it go on, after the program itself was stopped and continued.
    func resume() {
        if let ownGroup { csys_set_foreground(ownGroup) }
        send(SIGCONT)
    }

    /// Tells it that the terminal has gone or the program ends: what goes on without a terminal, by the latter's own word.
    func hangUp() {
        send(csys_ignores_hangup() == 0 ? SIGHUP : SIGTERM)
        send(SIGCONT)
    }

    /// Passes a signal on: to its whole group, where that is not pgfob's too.
    func send(_ signal: Int32) { kill(ownGroup.map { -$0 } ?? pid, signal) }
}
