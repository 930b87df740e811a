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
import Synchronization
import Workers

/// A folder of this run alone, mode 0700, for sockets: its path is short, as theirs must be (unix(7): 108 bytes, 104
/// elsewhere, and ssh adds seventeen of its own while it makes one).
///
/// It goes with the program. What a killed program has left is found by ``sweep(environment:)``: as long as a program
/// lives it holds a lock in its folder.
package final class RuntimeFolder: Sendable {
    /// The variable by which programs that were started for a run are found after it.
    package static let mark = "PGFOB_RUN"
    /// A file that says that programs in the folder's care are the user's own, such as psql.
    static let sessionFile = "session"
    /// A file with the paths of sockets that lie elsewhere, each with the folder that was made for it.
    static let socketFile = "sockets"

    package let path: String
    private let lock: Int32

    /// Makes one that nobody else has.
    ///
    /// - Parameters:
    ///   - environment: XDG_RUNTIME_DIR (XDG Base Directory Specification).
    ///   - ofSessions: whether it is for the user's own programs.
    /// - Returns: nil where no folder can be made that is this user's alone.
    package init?(environment: [String: String], ofSessions: Bool = false) {
        for base in Self.bases(environment) where Self.own(base) {
            // A sweep may have been faster than the lock.
            for _ in 1...5 {
                var template = Array("\(base)/XXXXXX".utf8CString)
                guard mkdtemp(&template) != nil else { break }
                let made = String(cArray: template)
                guard let file = Self.claim(made, LOCK_EX) else { continue }
                (path, lock) = (made, file)
                if ofSessions { Self.touch("\(made)/\(Self.sessionFile)") }
                Self.removeAtExit(made)
                return
            }
        }
        return nil
    }

    /// Makes the one of a name, or takes over what a killed program has left of it.
    ///
    /// - Returns: nil where no folder can be made that is this user's alone, or a program that runs has it.
    package init?(environment: [String: String], named name: String) {
        guard let base = Self.base(environment: environment) else { return nil }
        let folder = "\(base)/\(name)"
        // A sweep that is under way needs a moment.
        for _ in 1...50 {
            mkdir(folder, 0o700)
            if let file = Self.claim(folder, LOCK_EX) {
                (path, lock) = (folder, file)
                Self.removeAtExit(folder)
                return
            }
            poll(nil, 0, 10)
        }
        return nil
    }

    deinit {
        Self.remove(path)
        Self.living.withLock { $0.removeAll { $0 == path } }
        Descriptors.close(lock)
    }

    /// A process group is in the folder's care from now on: what is left of it after this program gets HUP.
    package func note(group: pid_t) { Self.touch("\(path)/g\(group)") }

    /// It has ended.
    package func forget(group: pid_t) { unlink("\(path)/g\(group)") }

    /// A socket that lies elsewhere is in the folder's care from now on: it is removed after this program where nobody
    /// listens at it any more, with the folder that was made for it.
    package func note(socket: String, madeFolder: String?) {
        let file = open(
            "\(path)/\(Self.socketFile)", O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return }
        _ = Descriptors.writeAll(Array("\(socket)\0\(madeFolder ?? "")\0".utf8), to: file)
        Descriptors.close(file)
    }

    /// Whether the program whose folder this is still runs.
    package static func isInUse(_ path: String) -> Bool {
        let file = open("\(path)/lock", O_RDWR | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { Descriptors.close(file) }
        // Shared, so that two who ask at once do not take one another for that program.
        return flock(file, LOCK_SH | LOCK_NB) != 0
    }

    /// The folder of this user's alone in which such folders lie, made where it is missing; nil where none can be.
    package static func base(environment: [String: String]) -> String? {
        bases(environment).first(where: own)
    }

    /// Where such folders lie, the first choice first.
    static func bases(_ environment: [String: String]) -> [String] {
        var bases = ["/tmp/pgfob-\(geteuid())"]
        if let runtime = environment["XDG_RUNTIME_DIR"], runtime.hasPrefix("/"), runtime.utf8.count <= 40 {
            bases.insert("\(runtime)/pgfob", at: 0)
        }
        return bases
    }

    /// Makes a folder this user's alone, or finds that it is: another user may have made it first.
    private static func own(_ path: String) -> Bool {
        mkdir(path, 0o700)
        return isOwn(path)
    }

    static func isOwn(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid()
            && status.st_mode & 0o077 == 0
    }

    /// Takes a folder's lock, which is made where it is missing.
    ///
    /// - Parameter operation: LOCK_EX, or LOCK_SH where others may have it as well.
    /// - Returns: nil where somebody has it otherwise, or the folder has gone meanwhile.
    static func claim(_ folder: String, _ operation: Int32) -> Int32? {
        let file = open("\(folder)/lock", O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return nil }
        guard flock(file, operation | LOCK_NB) == 0, isStill(file, "\(folder)/lock") else {
            Descriptors.close(file)
            return nil
        }
        return file
    }

    /// Whether an open file is the one at a path, and not one that was removed.
    static func isStill(_ file: Int32, _ path: String) -> Bool {
        var (opened, there) = (stat(), stat())
        return fstat(file, &opened) == 0 && lstat(path, &there) == 0 && opened.st_ino == there.st_ino
            && opened.st_dev == there.st_dev
    }

    private static func touch(_ path: String) {
        Descriptors.close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600))
    }

    private static let living = Mutex<[String]>([])
    private static let atExit: Void = {
        atexit {
            RuntimeFolder.endSweeping()
            for folder in RuntimeFolder.living.withLock({ $0 }) { RuntimeFolder.remove(folder) }
        }
    }()

    /// A process that ends does not let go of its values one by one.
    private static func removeAtExit(_ folder: String) {
        atExit
        living.withLock { $0.append(folder) }
    }

    /// The lock goes last: without it nobody would find what a removal that was cut off has left.
    static func remove(_ folder: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where name != "lock"
        {
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
        unlink("\(folder)/lock")
        rmdir(folder)
    }
}
