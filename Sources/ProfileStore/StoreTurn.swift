#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Profiles

/// A turn at bringing a store up to date: one program has it at a time, and the others wait.
///
/// The lock is on the store's folder, as `flock` has it: no file is left behind, and it ends with its program however
/// that ends. The store itself must not be locked so, for closing any descriptor of it gives up SQLite's own locks
/// (SQLite documentation, "How To Corrupt An SQLite Database File", 2.2).
struct StoreTurn: ~Copyable {
    private static let pause: Int32 = 10

    private let folder: Int32

    /// Waits for it. Where nobody can have it, as on some network disks, or somebody keeps it beyond the deadline, whose
    /// lock may have another meaning, it goes on without: SQLite's own locks hold all the same.
    init(_ path: String, until deadline: ContinuousClock.Instant) {
        // Two names of one store are one turn.
        var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let path = realpath(path, &target).map { String(cString: $0) } ?? path
        folder = open(FilePath.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        while folder >= 0, flock(folder, LOCK_EX | LOCK_NB) != 0,
            errno == EWOULDBLOCK || errno == EINTR, ContinuousClock.now < deadline
        {
            poll(nil, 0, Self.pause)
        }
    }

    deinit { if folder >= 0 { close(folder) } }
}
