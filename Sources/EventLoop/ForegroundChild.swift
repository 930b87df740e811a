#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import App
import CSystem
import Profiles
import Workers

/// A program that has the terminal: its own process group in the foreground, default signals, empty mask.
struct ForegroundChild {
    /// What `waitpid` saw.
    enum Change: Equatable {
        case none
        /// ^Z, or a stop from elsewhere.
        case stopped
        case ended(SessionEnd.Ending)
    }

    let pid: pid_t

    /// Starts the program by argv, without a shell.
    ///
    /// - Throws: ``StartFailure`` with the system's error number.
    init(_ command: PsqlCommand) throws(StartFailure) {
        let arguments = [command.executable] + command.arguments
        let environment = command.environment.map { "\($0.key)=\($0.value)" }.sorted()
        var pid: pid_t = -1
        let failure = withCStrings(arguments) { argv in
            withCStrings(environment) { envp in
                csys_spawn_foreground(
                    command.executable, argv, envp, command.descriptors, Int32(command.descriptors.count),
                    &pid)
            }
        }
        guard failure == 0 else { throw StartFailure(executable: command.executable, errorNumber: failure) }
        self.pid = pid
    }

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
        csys_set_foreground(pid)
        kill(-pid, SIGCONT)
    }

    /// Tells it that the terminal has gone or the program ends.
    func hangUp() {
        kill(-pid, SIGHUP)
        kill(-pid, SIGCONT)
    }
}
