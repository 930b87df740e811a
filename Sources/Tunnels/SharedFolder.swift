#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Synchronization
import Workers

/// A folder of mode 0700 in which programs of this user meet that use the same thing. It goes with the last of them; each
/// has its lock for as long as it is in it, and ``RuntimeFolder/sweep(environment:)`` finds one that nobody has.
final class SharedFolder: Sendable {
    /// How those in it deal with one another: a version of pgfob that does so otherwise has another one here.
    private static let protocolVersion = 1
    /// How often it is tried to enter while somebody removes it, every ten milliseconds.
    private static let trials = 300

    let path: String
    private let lock: Mutex<Int32>

    /// Enters it.
    ///
    /// - Returns: nil where there can be none that is this user's alone.
    init?(environment: [String: String], named name: String) {
        guard let base = RuntimeFolder.base(environment: environment) else { return nil }
        path = Self.path(below: base, named: name)
        for _ in 1...Self.trials {
            let isMade = mkdir(path, 0o700) == 0 || errno == EEXIST
            guard isMade, RuntimeFolder.isOwn(path) || access(path, F_OK) != 0 else { return nil }
            if let file = RuntimeFolder.claim(path, LOCK_SH) {
                lock = Mutex(file)
                return
            }
            poll(nil, 0, 10)
        }
        return nil
    }

    /// Where the one of a name lies.
    static func path(below base: String, named name: String) -> String {
        "\(base)/s\(protocolVersion)-\(name)"
    }

    /// Whether a path below a base is that of such a folder.
    static func isOne(_ path: String) -> Bool {
        path.split(separator: "/").last?.hasPrefix("s\(protocolVersion)-") == true
    }

    deinit { leave {} }

    /// Leaves it, once.
    ///
    /// - Parameter ending: called before it is removed, where nobody else is in it; nobody can enter then.
    func leave(_ ending: () -> Void) {
        let file = lock.withLock { lock in
            defer { lock = -1 }
            return lock
        }
        guard file >= 0 else { return }
        defer { Descriptors.close(file) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0, RuntimeFolder.isStill(file, "\(path)/lock") else { return }
        ending()
        RuntimeFolder.remove(path)
    }
}
