#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import Workers

/// A program that runs beside a test, without a terminal, until it ends or the test lets go of it.
///
/// Foundation's Process is of no use here: it waits on a run loop, and two that end at once wait for ever.
package final class ChildProgram {
    private let program: String
    package let pid: pid_t
    private let folder: TemporaryFolder
    /// What keeps the program's stdin from ending; -1 where it reads a text.
    private let input: Int32
    private var ending: ProgramEnding?

    /// Starts it.
    ///
    /// - Parameters:
    ///   - environment: all that the program sees; nothing is inherited.
    ///   - input: what it reads on stdin; nil is a stdin on which nothing comes, until the program is let go of.
    /// - Throws: ``TemporaryFolder/Failure`` where it cannot be started.
    package init(
        _ program: String, _ arguments: [String] = [], environment: [String: String], input text: String?
    ) throws {
        self.program = program
        // Files and not pipes: nobody has to read one while the other fills.
        folder = try TemporaryFolder()
        var ends: [Int32] = [-1, -1]
        if let text {
            try folder.write(text, to: "in")
        } else if csys_pipe(&ends) != 0 {
            throw TemporaryFolder.Failure(what: "no pipe: errno \(errno)")
        }
        input = ends[1]
        defer { if ends[0] >= 0 { close(ends[0]) } }
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        let (folder, reading) = (folder, ends[0])
        pid = try withCStrings([program] + arguments) { argv in
            try withCStrings(variables) { envp in try Self.spawn(program, argv, envp, folder, reading) }
        }
    }

    deinit {
        if input >= 0 { close(input) }
        guard ending == nil else { return }
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }

    /// Ends it as nothing can be caught.
    package func killHard() { kill(pid, SIGKILL) }

    /// Types a line or a few into its stdin, where that is not a text of its own.
    package func send(_ text: String) {
        guard input >= 0 else { return }
        _ = text.withCString { write(input, $0, strlen($0)) }
    }

    /// What it has written so far.
    package var output: String { folder.read("out") ?? "" }
    package var errors: String { folder.read("err") ?? "" }

    /// Sends it a signal.
    package func signal(_ number: Int32) { kill(pid, number) }

    /// Waits for its end.
    ///
    /// - Throws: ``TemporaryFolder/Failure`` where it does not come in time.
    package func end(within seconds: Double) throws -> ProgramEnding {
        try wait(seconds, for: "end") { hasEnded }
        return ending ?? .exited(0)
    }

    /// Waits until something that it does can be seen.
    ///
    /// - Throws: ``TemporaryFolder/Failure`` where that does not come in time, or the program ends before.
    package func wait(_ seconds: Double = 60, for what: String, until seen: () -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while !seen() {
            // What it did last is looked at once more after its end.
            let isOver = hasEnded || ContinuousClock.now >= deadline
            guard !isOver || seen() else {
                throw TemporaryFolder.Failure(
                    what: "\(program): no \(what) within \(seconds) s. It says: \(output)\(errors)")
            }
            // Nothing to wait on but the child itself; its end cannot be polled for everywhere.
            poll(nil, 0, 3)
        }
    }

    private var hasEnded: Bool {
        guard ending == nil else { return true }
        var code: Int32 = 0
        switch csys_reap(pid, &code) {
        case CSYS_EXITED: ending = .exited(code)
        case CSYS_SIGNALLED: ending = .killed(signal: code)
        default: break
        }
        return ending != nil
    }

    #if canImport(Glibc)
    /// POSIX_SPAWN_SETSID, which Glibc's module hides.
    private static let ownSession: Int32 = 0x80
    #else
    private static let ownSession = Int32(POSIX_SPAWN_SETSID)
    #endif

    private static func spawn(
        _ program: String, _ argv: UnsafePointer<UnsafeMutablePointer<CChar>?>,
        _ envp: UnsafePointer<UnsafeMutablePointer<CChar>?>, _ folder: TemporaryFolder, _ input: Int32
    ) throws -> pid_t {
        #if canImport(Glibc)
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        #else
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if input >= 0 {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, folder.file("in"), O_RDONLY, 0)
        }
        posix_spawn_file_actions_addopen(&actions, 1, folder.file("out"), O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, folder.file("err"), O_WRONLY | O_CREAT, 0o600)
        // A test's thread blocks signals that the child must hear.
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        // Without the terminal of whoever runs the tests: nothing may be asked there.
        let flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF) | Self.ownSession
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var pid: pid_t = -1
        let failure = posix_spawn(&pid, program, &actions, &attributes, argv, envp)
        guard failure == 0 else {
            throw TemporaryFolder.Failure(what: "\(program) cannot be started: errno \(failure)")
        }
        return pid
    }
}
