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
import CSystem

/// A program that was run without a terminal, to its end.
package struct ProgramRun: Sendable {
    package var ending: ProgramEnding
    package var output: String
    package var errors: String

    /// The exit code, nil where a signal ended it.
    package var code: Int32? { if case .exited(let code) = ending { code } else { nil } }

    /// Runs it.
    ///
    /// - Parameters:
    ///   - environment: all that the program sees; nothing is inherited.
    ///   - input: what it reads on stdin.
    /// - Throws: ``TemporaryFolder/Failure`` where it cannot be started or does not end in time.
    package init(
        _ program: String, _ arguments: [String] = [], environment: [String: String], input: String = "",
        seconds: Double = 60
    ) throws {
        // Files and not pipes: nobody has to read one while the other fills.
        let folder = try TemporaryFolder()
        try folder.write(input, to: "in")
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        let pid = try withCStrings([program] + arguments) { argv in
            try withCStrings(variables) { envp in try Self.spawn(program, argv, envp, folder) }
        }
        ending = try Self.wait(pid, program, seconds: seconds)
        output = folder.read("out") ?? ""
        errors = folder.read("err") ?? ""
    }

    private static func spawn(
        _ program: String, _ argv: UnsafePointer<UnsafeMutablePointer<CChar>?>,
        _ envp: UnsafePointer<UnsafeMutablePointer<CChar>?>, _ folder: TemporaryFolder
    ) throws -> pid_t {
        #if canImport(Glibc)
        var actions = posix_spawn_file_actions_t()
        #else
        var actions: posix_spawn_file_actions_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, folder.file("in"), O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, folder.file("out"), O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, folder.file("err"), O_WRONLY | O_CREAT, 0o600)
        var pid: pid_t = -1
        let failure = posix_spawn(&pid, program, &actions, nil, argv, envp)
        guard failure == 0 else {
            throw TemporaryFolder.Failure(what: "\(program) cannot be started: errno \(failure)")
        }
        return pid
    }

    private static func wait(_ pid: pid_t, _ program: String, seconds: Double) throws -> ProgramEnding {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            var code: Int32 = 0
            switch csys_reap(pid, &code) {
            case CSYS_EXITED: return .exited(code)
            case CSYS_SIGNALLED: return .killed(signal: code)
            default: break
            }
            guard ContinuousClock.now < deadline else {
                kill(pid, SIGKILL)
                waitpid(pid, nil, 0)
                throw TemporaryFolder.Failure(what: "\(program) did not end within \(seconds) s")
            }
            // Nothing to wait on but the child itself; its end cannot be polled for everywhere.
            poll(nil, 0, 3)
        }
    }
}
