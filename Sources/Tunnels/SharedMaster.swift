#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import Synchronization
import Workers

/// One program's use of an ssh that all programs of this user share who log in at a bastion in the same way. In their
/// folder lie
///
/// - `c`, the socket at which ssh takes orders (ssh_config(5), ControlPath); an open connection tells of its end,
/// - `life`, a FIFO that each has open for writing: ssh ends with the last of them, however that ends,
/// - `log`, what ssh says, and `f…`, what each has it forward,
/// - `turn`, which one has that is logging in.
final class SharedMaster: CarrierProgram, Sendable {
    private struct State {
        var lifeline: Int32
        /// To ssh; -1 as long as this process is logging in.
        var connection: Int32 = -1
        /// Ends with an ssh that does not get that far.
        var output: Int32 = -1
        var turn: LoginTurn?
        var log: Int32
        var watch: Int32
        var splitter = LineSplitter()
        /// Read and not yet asked for.
        var lines: [String] = []
        var hasEnded = false
        var ending = CarrierEnding.gone
        /// Whether others may have left something since it was last looked for.
        var isToTidy = true
    }

    /// The log is emptied once it is so long, by whoever has read it.
    private static let logLimit: off_t = 65_536
    /// How long ssh may take to answer at its socket, in milliseconds.
    private static let answerPatience: Int32 = 5000
    /// How long it may take to end.
    private static let endPatience: Int32 = 2000

    private let folder: SharedFolder
    private let state: Mutex<State>
    private let claims: Mutex<ForwardClaims?>

    /// Where ssh takes orders.
    static func control(in folder: SharedFolder) -> String { "\(folder.path)/c" }
    private static func life(_ folder: SharedFolder) -> String { "\(folder.path)/life" }
    private static func log(_ folder: SharedFolder) -> String { "\(folder.path)/log" }

    /// Joins those who use it.
    ///
    /// - Returns: nil where there is none that can be used.
    init?(joining folder: SharedFolder) {
        let lifeline = open(Self.life(folder), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)
        guard lifeline >= 0 else { return nil }
        let connection = Self.connect(folder)
        let log = open(Self.log(folder), O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        let claims = ForwardClaims(in: folder)
        guard connection >= 0, log >= 0, claims != nil, Self.isHeld(lifeline) else {
            for descriptor in [lifeline, connection, log] { Descriptors.close(descriptor) }
            return nil
        }
        // What it has said to others is no concern of this one.
        lseek(log, 0, SEEK_END)
        self.folder = folder
        self.claims = Mutex(claims)
        state = Mutex(
            State(
                lifeline: lifeline, connection: connection, log: log,
                watch: csys_watch_folder(folder.path, 1)))
        endAtExit()
    }

    /// Starts it: from now on it is logging in, until ``isUp()``.
    ///
    /// - Parameter arguments: the first is the program's path.
    /// - Returns: nil where something is missing for that.
    init?(
        starting folder: SharedFolder, _ turn: LoginTurn, _ arguments: [String],
        environment: [String: String]
    ) {
        guard let claims = ForwardClaims(in: folder) else { return nil }
        // What one that was killed has left; its forwardings have ended with it.
        for path in [Self.control(in: folder), Self.life(folder), Self.log(folder)] { unlink(path) }
        _ = ForwardClaims.takeAbandoned(in: folder)
        guard mkfifo(Self.life(folder), 0o600) == 0 else { return nil }
        let flags = O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW
        let reader = open(Self.life(folder), O_RDONLY | flags)
        let lifeline = open(Self.life(folder), O_WRONLY | flags)
        let log = open(Self.log(folder), O_CREAT | O_EXCL | O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        defer { Descriptors.close(reader) }
        var output: Int32 = -1
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        var failure = EBADF
        if reader >= 0, lifeline >= 0, log >= 0 {
            failure = withCStrings(arguments) { argv in
                withCStrings(variables) { envp in
                    csys_spawn_shared(argv, Int32(arguments.count), envp, reader, log, &output)
                }
            }
        }
        // The program's own is read at a place of its own.
        let reading = failure == 0 ? open(Self.log(folder), O_RDWR | O_CLOEXEC | O_NOFOLLOW) : -1
        Descriptors.close(log)
        guard reading >= 0 else {
            for descriptor in [lifeline, output] { Descriptors.close(descriptor) }
            return nil
        }
        self.folder = folder
        self.claims = Mutex(claims)
        state = Mutex(
            State(
                lifeline: lifeline, output: output, turn: turn, log: reading,
                watch: csys_watch_folder(folder.path, 1)))
        endAtExit()
    }

    deinit { stop() }

    /// Where it takes orders.
    var control: String { Self.control(in: folder) }

    // MARK: Its life

    /// Whether it has logged in and takes orders.
    func isUp() -> Bool {
        guard state.withLock({ $0.connection < 0 }) else { return true }
        guard access(Self.control(in: folder), F_OK) == 0 else { return false }
        let connection = Self.connect(folder)
        guard connection >= 0 else { return false }
        state.withLock { state in
            state.connection = connection
            Descriptors.close(state.output)
            (state.output, state.turn) = (-1, nil)
        }
        return true
    }

    /// Its user is asked something, and the others are told; nil once that has been answered.
    func tell(_ question: String?) { state.withLock { $0.turn }?.tell(question) }

    func reap() -> CarrierEnding? {
        let ending: CarrierEnding? = state.withLock { state in
            guard !state.hasEnded else { return state.ending }
            if Self.isAtEnd(state.connection >= 0 ? state.connection : state.output) {
                // Whoever waited for it says how it ended, and ends then.
                _ = Self.happens(0, at: state.lifeline, within: Self.endPatience)
                Self.readLog(&state)
            } else if !Self.isHeld(state.lifeline) {
                // Without the one that waits for the end of all it would go on for ever.
                Self.end(state.connection)
            } else {
                return nil
            }
            state.hasEnded = true
            return state.ending
        }
        if ending != nil { letGo() }
        return ending
    }

    private static func isAtEnd(_ descriptor: Int32) -> Bool {
        guard canRead(descriptor, within: 0) else { return false }
        var bytes = [UInt8](repeating: 0, count: 256)
        return read(descriptor, &bytes, bytes.count) <= 0
    }

    func stop() {
        letGo()
        close()
    }

    /// Leaves it to the others, or ends it where there is none.
    private func letGo() {
        let (connection, output, turn, isThere) = state.withLock { state in
            // First, so that it ends where this was the last.
            Descriptors.close(state.lifeline)
            let left = (state.connection, state.output, state.turn, !state.hasEnded)
            (state.lifeline, state.connection, state.output) = (-1, -1, -1)
            (state.hasEnded, state.turn) = (true, nil)
            return left
        }
        claims.withLock { claims in
            if isThere { claims?.leave() }
            claims = nil
        }
        // Nobody begins another login before this one has ended.
        let login = output < 0 || Self.canRead(output, within: Self.endPatience)
        withExtendedLifetime(turn) {}
        folder.leave {
            let isGone = connection < 0 ? login : Self.canRead(connection, within: Self.endPatience)
            if !isGone { RuntimeFolder.endPrograms(of: folder.path) }
        }
        Descriptors.close(connection)
        Descriptors.close(output)
    }

    private static func canRead(_ descriptor: Int32, within milliseconds: Int32) -> Bool {
        happens(Int16(POLLIN), at: descriptor, within: milliseconds)
    }

    /// The corresponding C function is `poll`.
    private static func happens(_ events: Int16, at descriptor: Int32, within milliseconds: Int32) -> Bool {
        var set = [pollfd(fd: descriptor, events: events, revents: 0)]
        while true {
            let ready = poll(&set, 1, milliseconds)
            guard ready < 0, errno == EINTR else { return ready > 0 }
        }
    }

    func close() {
        state.withLock { state in
            Descriptors.close(state.log)
            Descriptors.close(state.watch)
            (state.log, state.watch) = (-1, -1)
        }
    }

    /// Whether somebody waits at the FIFO for the end of all who write.
    private static func isHeld(_ lifeline: Int32) -> Bool {
        lifeline >= 0 && !happens(0, at: lifeline, within: 0)
    }

    // MARK: Its words

    var descriptors: [Int32] {
        state.withLock { [$0.connection, $0.output, $0.lifeline, $0.watch].filter { $0 >= 0 } }
    }

    /// Where the system has no watch on folders the log is looked at.
    var rhythm: Duration? { state.withLock { $0.watch < 0 ? .milliseconds(200) : nil } }

    func lines() -> [String] {
        state.withLock { state in
            var buffer = [UInt8](repeating: 0, count: 4096)
            state.isToTidy = state.isToTidy || state.watch < 0
            while state.watch >= 0, read(state.watch, &buffer, buffer.count) > 0 { state.isToTidy = true }
            Self.readLog(&state)
            defer { state.lines = [] }
            return state.hasEnded ? state.lines + [state.splitter.rest()].compactMap { $0 } : state.lines
        }
    }

    private static func readLog(_ state: inout State) {
        var status = stat()
        guard state.log >= 0, fstat(state.log, &status) == 0 else { return }
        // Somebody has emptied it.
        if status.st_size < lseek(state.log, 0, SEEK_CUR) { lseek(state.log, 0, SEEK_SET) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = read(state.log, &buffer, buffer.count), count > 0 {
            for line in state.splitter.lines(buffer[..<count]) {
                if line.hasPrefix(endMark) {
                    state.ending = Int32(line.dropFirst(endMark.count)).map(CarrierEnding.init) ?? .gone
                } else {
                    state.lines.append(line)
                }
            }
        }
        guard status.st_size > logLimit else { return }
        ftruncate(state.log, 0)
        lseek(state.log, 0, SEEK_SET)
    }

    /// Comes before the code of its end (csystem.h).
    private static let endMark = "pgfob-tunnel: "

    // MARK: What it forwards

    /// It is about to be told to forward something, as -L takes it.
    func claim(_ forward: String) { claims.withLock { $0?.add(forward) } }

    /// It does not forward that any more.
    func disclaim(_ forward: String) { claims.withLock { $0?.remove(forward) } }

    /// What it still forwards for programs that were killed.
    func takeAbandoned() -> [String] {
        let looks = state.withLock { state in
            defer { state.isToTidy = false }
            return state.isToTidy && state.connection >= 0
        }
        return looks ? ForwardClaims.takeAbandoned(in: folder) : []
    }

    // MARK: Its socket (OpenSSH, PROTOCOL.mux)

    private static let hello: [UInt8] = [0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 4]
    private static let terminate: [UInt8] = [0, 0, 0, 8, 0x10, 0, 0, 5, 0, 0, 0, 1]

    /// A connection on which ssh has said hello, which it does once it serves; -1 where it does not.
    private static func connect(_ folder: SharedFolder) -> Int32 {
        let connection = csys_connect_unix(control(in: folder))
        guard connection >= 0 else { return -1 }
        var bytes = [UInt8](repeating: 0, count: hello.count)
        guard Descriptors.isPeerOwn(connection), canRead(connection, within: answerPatience),
            read(connection, &bytes, bytes.count) == bytes.count, bytes == hello
        else {
            Descriptors.close(connection)
            return -1
        }
        return connection
    }

    /// Has it end; it may have done so by itself meanwhile.
    private static func end(_ connection: Int32) {
        guard connection >= 0 else { return }
        #if canImport(Glibc)
        let flags = Int32(MSG_NOSIGNAL)
        #else
        let flags: Int32 = 0
        #endif
        let bytes = hello + terminate
        send(connection, bytes, bytes.count, flags)
    }

    // MARK: The end of the process

    private struct Living: Sendable {
        weak var master: SharedMaster?
    }

    private static let living = Mutex<[Living]>([])
    private static let ending = Atomic(false)
    private static let atExit: Void = {
        atexit {
            SharedMaster.ending.store(true, ordering: .sequentiallyConsistent)
            for living in SharedMaster.living.withLock({ $0 }) { living.master?.letGo() }
        }
    }()

    /// Whether the process is at its end: nothing is to be joined or started any more.
    static var isAtEnd: Bool { ending.load(ordering: .sequentiallyConsistent) }

    /// A process that ends does not let go of its values one by one; what is left of ssh then is not to be seen after it.
    private func endAtExit() {
        Self.atExit
        Self.living.withLock { living in
            living.removeAll { $0.master == nil }
            living.append(Living(master: self))
        }
    }
}
