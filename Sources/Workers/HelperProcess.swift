#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem

/// A program that is asked for something, such as a credential process: its output is read to the end, within bounds.
/// Run without a shell; its output may be secret and is printed nowhere.
package struct HelperProcess {
    /// How it went.
    package enum Outcome {
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

    private let arguments: [String]
    private let environment: [String: String]
    private let input: [UInt8]?
    private let collectsOutput: Bool

    /// - Parameters:
    ///   - arguments: the first is a path, or a name that the environment's PATH finds.
    ///   - environment: all that it sees.
    ///   - input: what it reads, handed over in a file without a name; nothing where nil.
    ///   - collectsOutput: false for a program that leaves something running behind it, which would hold the pipes.
    package init(
        arguments: [String], environment: [String: String], input: [UInt8]? = nil, collectsOutput: Bool = true
    ) {
        self.arguments = arguments
        self.environment = environment
        self.input = input
        self.collectsOutput = collectsOutput
    }

    /// Runs it to its end, at most until the deadline: then it is killed with all that it has started.
    package func run(_ wait: Wait) -> Outcome {
        guard let name = arguments.first, let program = ProgramFinder(environment: environment).program(name)
        else {
            return .notFound
        }
        let file = input.map(Self.file) ?? -1
        defer { Descriptors.close(file) }
        guard input == nil || file >= 0 else { return .notStarted(errno) }
        var (output, errors, pid): (Int32, Int32, pid_t) = (-1, -1, -1)
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        csys_helper_starts()
        let failure = withCStrings([program] + arguments.dropFirst()) { argv in
            withCStrings(variables) { envp in
                csys_spawn_piped(argv, envp, file, collectsOutput ? 1 : 0, &output, &errors, &pid)
            }
        }
        if failure == 0 { csys_helper_started(pid) }
        csys_helper_starts_no_more()
        guard failure == 0 else { return failure == ENOENT ? .notFound : .notStarted(failure) }
        defer {
            Descriptors.close(output)
            Descriptors.close(errors)
        }
        var (said, complained): ([UInt8], [UInt8]) = ([], [])
        if let outcome = collect(&output, &errors, &said, &complained, wait) {
            csys_helper_stop(pid)
            return outcome
        }
        return reap(pid, said, complained, wait)
    }

    /// A file in memory that holds the input and nothing else; -1 with errno.
    private static func file(_ input: [UInt8]) -> Int32 {
        let file = csys_memfd("input")
        var rest = input[...]
        while file >= 0, !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            guard count > 0 else {
                Descriptors.close(file)
                return -1
            }
            rest = rest.dropFirst(count)
        }
        if file >= 0 { lseek(file, 0, SEEK_SET) }
        return file
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
                csys_helper_ended(pid)
                return .ended(code: code, output: said, errors: String(decoding: complained, as: UTF8.self))
            case CSYS_SIGNALLED:
                csys_helper_ended(pid)
                return .killed(signal: code)
            default: break
            }
            var nothing: [pollfd] = []
            let step = Wait(
                deadline: min(wait.deadline, .now + .milliseconds(5)), cancellation: wait.cancellation)
            if step.until(&nothing) == .cancelled || ContinuousClock.now >= wait.deadline {
                csys_helper_stop(pid)
                return wait.cancellation.isCancelled ? .cancelled : .timedOut
            }
        }
    }
}
