#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import Workers

/// A program that carries tunnels: it ends with pgfob, however that ends, and what it writes is read line by line.
///
/// Used by one thread at a time.
final class KeptProcess: CarrierProgram {
    /// Why it could not be started.
    struct StartFailure: Error {
        var errorNumber: Int32
    }

    let group: pid_t
    private var lifeline: Int32
    private var output: Int32
    private var errors: Int32
    private var (said, complained) = (LineSplitter(), LineSplitter())
    private(set) var ending: CarrierEnding?

    /// Starts it without a terminal.
    ///
    /// - Parameter arguments: the first is the program's path.
    init(_ arguments: [String], environment: [String: String]) throws(StartFailure) {
        var (life, out, err, pid): (Int32, Int32, Int32, pid_t) = (-1, -1, -1, -1)
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        let failure = withCStrings(arguments) { argv in
            withCStrings(variables) { envp in
                csys_spawn_kept(argv, Int32(arguments.count), envp, &life, &out, &err, &pid)
            }
        }
        guard failure == 0 else { throw StartFailure(errorNumber: failure) }
        (lifeline, output, errors, group) = (life, out, err, pid)
        csys_helper_started(pid)
    }

    deinit { stop() }

    var descriptors: [Int32] { [output, errors].filter { $0 >= 0 } }

    /// Without an output to close, an end is seen by looking.
    var rhythm: Duration? { descriptors.isEmpty ? .milliseconds(50) : nil }

    func lines() -> [String] {
        var found: [String] = []
        Self.drain(&output, through: &said, into: &found)
        Self.drain(&errors, through: &complained, into: &found)
        guard ending != nil else { return found }
        // A question that it did not wait for. What is left of its group may hold the pipes open for a moment longer.
        return found + [said.rest(), complained.rest()].compactMap { $0 }
    }

    func reap() -> CarrierEnding? {
        guard ending == nil else { return ending }
        var code: Int32 = 0
        switch csys_reap(group, &code) {
        case CSYS_EXITED: ending = CarrierEnding(shellCode: code)
        case CSYS_SIGNALLED: ending = .killed(code)
        default: return nil
        }
        clean()
        return ending
    }

    func stop() {
        guard ending == nil else { return }
        Descriptors.close(lifeline)
        lifeline = -1
        csys_helper_stop(group)
        ending = .killed(SIGTERM)
        close()
    }

    /// What it has started may go on without it: a proxy command, the shell that waits for the end of pgfob.
    private func clean() {
        kill(-group, SIGTERM)
        kill(-group, SIGKILL)
        csys_helper_ended(group)
        Descriptors.close(lifeline)
        lifeline = -1
    }

    func close() {
        Descriptors.close(output)
        Descriptors.close(errors)
        (output, errors) = (-1, -1)
    }

    /// Bytes that are read at once, more than a pipe holds: a program that writes without an end must not keep its reader
    /// from all else.
    private static let portion = 131_072

    private static func drain(
        _ descriptor: inout Int32, through splitter: inout LineSplitter, into lines: inout [String]
    ) {
        guard descriptor >= 0 else { return }
        var (buffer, left) = ([UInt8](repeating: 0, count: 4096), portion)
        while left > 0 {
            let count = read(descriptor, &buffer, buffer.count)
            left -= max(0, count)
            guard count > 0 else {
                guard count == 0 || (errno != EAGAIN && errno != EINTR) else { return }
                if let rest = splitter.rest() { lines.append(rest) }
                Descriptors.close(descriptor)
                descriptor = -1
                return
            }
            lines += splitter.lines(buffer[..<count])
        }
    }
}
