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
/// - `k...`, names of their own for the socket, so that each gives its orders to the ssh that it has,
/// - `turn`, which one has that is logging in; `replaced`, where one that did not answer was; `tunnel`, its words.
final class SharedMaster: CarrierProgram, Sendable {
    private struct State {
        var lifeline: Int32
        /// To ssh; -1 as long as this process is logging in.
        var connection: Int32 = -1
        /// Ends with an ssh that does not get that far.
        var output: Int32 = -1
        var turn: LoginTurn?
        var log: Int32
        /// Nil where the system has none, and once nobody listens any more.
        var watch: FolderWatch?
        var splitter = LineSplitter()
        /// Read and not yet asked for.
        var lines: [String] = []
        var hasEnded = false
        var ending = CarrierEnding.gone
        /// How often it is to be looked yet whether others have left something: once more after a while, as the system
        /// tells of a file that is closed before it lets go of its lock.
        var looks = 2
    }

    /// The log is emptied once it is so long, by whoever has read it.
    private static let logLimit: off_t = 65_536
    /// How long it may take until it is known how it ended, in milliseconds.
    private static let wordPatience: Int32 = 5000

    /// Whether another program had logged in when this one came.
    let wasUp: Bool
    /// Where it takes orders, once it is up.
    let socket: String
    private let folder: SharedFolder
    private let state: Mutex<State>
    private let claims: Mutex<ForwardClaims?>
    private let hasLeft = Mutex(false)

    /// Joins those who use it.
    ///
    /// - Returns: nil where there is none that can be used.
    init?(joining folder: SharedFolder) {
        // First, as those who wait look often: whatever is opened for writing wakes the others when it is closed.
        guard access(Self.control(in: folder.path), F_OK) == 0 else { return nil }
        let lifeline = open(Self.life(folder), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)
        guard lifeline >= 0 else { return nil }
        let claims = ForwardClaims(in: folder)
        let connection = Self.connect(folder, claims)
        let log = open(Self.log(folder), O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard connection >= 0, log >= 0, Self.isHeld(lifeline), let claims else {
            for descriptor in [lifeline, connection, log] { Descriptors.close(descriptor) }
            return nil
        }
        // What it has said to others is no concern of this one.
        lseek(log, 0, SEEK_END)
        (self.folder, wasUp, socket) = (folder, true, claims.socket)
        self.claims = Mutex(claims)
        state = Mutex(
            State(
                lifeline: lifeline, connection: connection, log: log,
                watch: Self.watch(folder)))
        endAtExit()
    }

    /// Starts it: from now on it is logging in, until ``isUp()``.
    ///
    /// - Parameters:
    ///   - tunnel: its words, for others to tell.
    ///   - arguments: the first is the program's path.
    /// - Returns: nil where something is missing for that.
    init?(
        starting folder: SharedFolder, _ turn: LoginTurn, _ tunnel: String, _ arguments: [String],
        environment: [String: String]
    ) {
        guard let claims = ForwardClaims(in: folder) else { return nil }
        Self.endForsaken(in: folder)
        // What one that was killed has left; its forwardings have ended with it.
        for path in [Self.control(in: folder.path), Self.life(folder), Self.log(folder)] { unlink(path) }
        ForwardClaims.endAbandoned(in: folder) { _ in }
        guard mkfifo(Self.life(folder), 0o600) == 0 else { return nil }
        Self.tell(tunnel, in: folder)
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
        (self.folder, wasUp, socket) = (folder, false, claims.socket)
        self.claims = Mutex(claims)
        state = Mutex(
            State(
                lifeline: lifeline, output: output, turn: turn, log: reading,
                watch: Self.watch(folder)))
        endAtExit()
    }

    deinit { stop() }

    // MARK: Its life

    /// Whether it has logged in and takes orders.
    func isUp() -> Bool {
        guard state.withLock({ $0.connection < 0 }) else { return true }
        guard access(Self.control(in: folder.path), F_OK) == 0 else { return false }
        let connection = claims.withLock { Self.connect(folder, $0) }
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
            if !MasterSocket.isAtEnd(state.connection >= 0 ? state.connection : state.output) {
                guard !Self.isHeld(state.lifeline) else { return nil }
                // Without the one that waits for the end of all it would go on for ever. Where it takes no orders yet, the
                // last one in the folder ends it.
                if !MasterSocket.end(state.connection) { Self.markReplaced(folder) }
            }
            // Whoever waited for it says how it ended, and ends then.
            _ = MasterSocket.happens(0, at: state.lifeline, within: Self.wordPatience)
            Self.readLog(&state)
            state.hasEnded = true
            return state.ending
        }
        if ending != nil { letGo() }
        return ending
    }

    func stop() {
        letGo()
        close()
    }

    /// Leaves it to the others, or ends it where there is none. Whoever comes second waits until that is done.
    private func letGo() {
        hasLeft.withLock { hasLeft in
            if !hasLeft { leave() }
            hasLeft = true
        }
    }

    private func leave() {
        let (connection, output, turn) = state.withLock { state in
            // First, so that it ends where this was the last.
            Descriptors.close(state.lifeline)
            if !state.hasEnded { claims.withLock { $0?.leave() } }
            let left = (state.connection, state.output, state.turn)
            (state.lifeline, state.connection, state.output) = (-1, -1, -1)
            (state.hasEnded, state.turn) = (true, nil)
            return left
        }
        claims.withLock { $0 = nil }
        // Nobody begins another login before this one has ended.
        let login = output < 0 || MasterSocket.awaitEnd(output)
        withExtendedLifetime(turn) {}
        folder.leave {
            let isGone = connection < 0 ? login : MasterSocket.awaitEnd(connection)
            if !isGone || access(Self.replaced(folder), F_OK) == 0 {
                RuntimeFolder.endPrograms(of: folder.path)
            }
        }
        Descriptors.close(connection)
        Descriptors.close(output)
    }

    func close() {
        state.withLock { state in
            Descriptors.close(state.log)
            (state.log, state.watch) = (-1, nil)
        }
    }

    /// What others write there is told by it.
    private static func watch(_ folder: SharedFolder) -> sending FolderWatch? {
        let watch = FolderWatch(folder.path, closes: true)
        return watch.descriptor < 0 ? nil : watch
    }

    /// Whether somebody waits at the FIFO for the end of all who write.
    private static func isHeld(_ lifeline: Int32) -> Bool {
        lifeline >= 0 && !MasterSocket.happens(0, at: lifeline, within: 0)
    }

    // MARK: Its words

    var descriptors: [Int32] {
        state.withLock {
            [$0.connection, $0.output, $0.lifeline, $0.watch?.descriptor ?? -1].filter { $0 >= 0 }
        }
    }

    /// Where the system has no watch on folders the log is looked at.
    var rhythm: Duration? {
        state.withLock { state in
            guard state.connection >= 0 else { return state.watch == nil ? .milliseconds(20) : nil }
            return state.watch == nil || state.looks > 0 ? .milliseconds(200) : nil
        }
    }

    func lines() -> [String] {
        state.withLock { state in
            if state.watch == nil { state.looks = 1 }
            if state.watch?.drain() == true { state.looks = 2 }
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
    ///
    /// - Returns: why that must not be, as nobody would end it after this program; nil where it may.
    func claim(_ forward: String) -> TunnelFailure? {
        claims.withLock { claims in
            guard let claims, !claims.add(forward) else { return nil }
            let why = String(cString: strerror(errno))
            return TunnelFailure(.refused, "what ssh forwards cannot be noted in \(folder.path): \(why)")
        }
    }

    /// It does not forward that any more.
    func disclaim(_ forward: String) { claims.withLock { $0?.remove(forward) } }

    /// Ends what it still forwards for programs that are gone.
    func endAbandoned(_ cancel: (_ forward: String) -> Void) {
        let looks = state.withLock { state in
            guard state.connection >= 0, state.looks > 0 else { return false }
            state.looks -= 1
            return true
        }
        if looks { ForwardClaims.endAbandoned(in: folder, cancel) }
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

    /// Does not return where the process is at its end: nothing is to be joined or started any more.
    static func stayAtEnd(_ folder: SharedFolder? = nil) {
        guard ending.load(ordering: .sequentiallyConsistent) else { return }
        folder?.leave {}
        while true { poll(nil, 0, -1) }
    }

    /// A process that ends does not let go of its values one by one; what is left of ssh then is not to be seen after it.
    private func endAtExit() {
        Self.atExit
        Self.living.withLock { living in
            living.removeAll { $0.master == nil }
            living.append(Living(master: self))
        }
    }
}
