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
final class KeptProcess {
    /// How it ended, as `waitpid` saw it.
    enum Ending: Sendable, Hashable {
        case exited(Int32)
        case killed(Int32)
    }

    /// Why it could not be started.
    struct StartFailure: Error {
        var errorNumber: Int32
    }

    private static let keptBytes = 4096

    let group: pid_t
    private var lifeline: Int32
    private var output: Int32
    private var errors: Int32
    private var partial: [Int32: [UInt8]] = [:]
    private(set) var ending: Ending?

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

    /// What to poll for: readable when it has written something or closed a pipe.
    var descriptors: [Int32] { [output, errors].filter { $0 >= 0 } }

    /// The whole lines that it has written since the last call; once it has ended, what it left of one as well, such as a
    /// question that it did not wait for.
    func lines() -> [String] {
        var found: [String] = []
        drain(&output, into: &found)
        drain(&errors, into: &found)
        guard ending != nil else { return found }
        // What is left of its group may hold the pipes open for a moment longer.
        for rest in partial.values where !rest.isEmpty { found.append(Self.text(rest)) }
        partial = [:]
        return found
    }

    /// Asks, without waiting, whether it has ended.
    func reap() -> Ending? {
        guard ending == nil else { return ending }
        var code: Int32 = 0
        switch csys_reap(group, &code) {
        // The shell that waits for a program which a signal ended tells so by 128 and its number.
        case CSYS_EXITED: ending = (129...192).contains(code) ? .killed(code - 128) : .exited(code)
        case CSYS_SIGNALLED: ending = .killed(code)
        default: return nil
        }
        clean()
        return ending
    }

    /// Ends it with all that it has started.
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

    /// Its last words are read before.
    func close() {
        Descriptors.close(output)
        Descriptors.close(errors)
        (output, errors) = (-1, -1)
    }

    private func drain(_ descriptor: inout Int32, into lines: inout [String]) {
        guard descriptor >= 0 else { return }
        var buffer = [UInt8](repeating: 0, count: Self.keptBytes)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else {
                guard count == 0 || (errno != EAGAIN && errno != EINTR) else { return }
                if let rest = partial.removeValue(forKey: descriptor), !rest.isEmpty {
                    lines.append(Self.text(rest))
                }
                Descriptors.close(descriptor)
                descriptor = -1
                return
            }
            var bytes = (partial[descriptor] ?? []) + buffer[..<count]
            while let end = bytes.firstIndex(where: { $0 == 0x0a || $0 == 0x0d }) {
                if end > 0 { lines.append(Self.text(bytes[..<end])) }
                bytes.removeFirst(end + 1)
            }
            partial[descriptor] = Array(bytes.suffix(Self.keptBytes))
        }
    }

    private static func text(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
