#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import TLS
import Workers

/// A program that is asked for something, such as a credential process: its output is read to the end, within bounds.
/// Run without a shell; its output may be secret and is printed nowhere.
struct HelperProcess {
    /// How it went.
    enum Outcome {
        /// The program ended by itself.
        case ended(code: Int32, output: [UInt8], errors: String)
        case killed(signal: Int32)
        case notFound
        case notStarted(Int32)
        case timedOut
        case cancelled
        /// It wrote more than was bargained for.
        case tooMuch
    }

    private static let outputLimit = 1_000_000
    private static let errorLimit = 65_536

    let arguments: [String]
    let environment: [String: String]

    /// Runs it to its end, at most until the deadline: then it is killed with all that it has started.
    func run(_ wait: Wait) -> Outcome {
        guard let name = arguments.first, let program = ProgramFinder(environment: environment).program(name)
        else {
            return .notFound
        }
        var (output, errors, pid): (Int32, Int32, pid_t) = (-1, -1, -1)
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        let failure = withCStrings([program] + arguments.dropFirst()) { argv in
            withCStrings(variables) { envp in csys_spawn_piped(argv, envp, &output, &errors, &pid) }
        }
        guard failure == 0 else { return failure == ENOENT ? .notFound : .notStarted(failure) }
        defer {
            Descriptors.close(output)
            Descriptors.close(errors)
        }
        var (said, complained): ([UInt8], [UInt8]) = ([], [])
        if let outcome = collect(&output, &errors, &said, &complained, wait) {
            end(pid)
            return outcome
        }
        return reap(pid, said, complained, wait)
    }

    /// Reads both until both are closed.
    ///
    /// - Returns: why it was given up; nil where it was not.
    private func collect(
        _ output: inout Int32, _ errors: inout Int32, _ said: inout [UInt8], _ complained: inout [UInt8],
        _ wait: Wait
    ) -> Outcome? {
        while output >= 0 || errors >= 0 {
            var set = [output, errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            switch wait.until(&set) {
            case .timedOut: return .timedOut
            case .cancelled: return .cancelled
            case .ready: break
            }
            if set[0].revents != 0 { Self.drain(&output, into: &said) }
            if set[1].revents != 0 { Self.drain(&errors, into: &complained) }
            if said.count > Self.outputLimit || complained.count > Self.errorLimit { return .tooMuch }
        }
        return nil
    }

    private static func drain(_ descriptor: inout Int32, into bytes: inout [UInt8]) {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = read(descriptor, &buffer, buffer.count)
        if count > 0 {
            bytes += buffer[..<count]
        } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
            Descriptors.close(descriptor)
            descriptor = -1
        }
    }

    /// It has closed its output and is about to end; some linger.
    private func reap(_ pid: pid_t, _ said: [UInt8], _ complained: [UInt8], _ wait: Wait) -> Outcome {
        while true {
            var code: Int32 = 0
            switch csys_reap(pid, &code) {
            case CSYS_EXITED:
                return .ended(code: code, output: said, errors: String(decoding: complained, as: UTF8.self))
            case CSYS_SIGNALLED: return .killed(signal: code)
            default: break
            }
            var nothing: [pollfd] = []
            let step = Wait(
                deadline: min(wait.deadline, .now + .milliseconds(5)), cancellation: wait.cancellation)
            if step.until(&nothing) == .cancelled || ContinuousClock.now >= wait.deadline {
                end(pid)
                return wait.cancellation.isCancelled ? .cancelled : .timedOut
            }
        }
    }

    private func end(_ pid: pid_t) {
        kill(-pid, SIGKILL)
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }
}
