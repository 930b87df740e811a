#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Workers

/// What one process has a shared ssh forward, in a file that it has locked: when it is killed, the others find it there and
/// end it. Used by one thread at a time.
final class ForwardClaims {
    private static let prefix = "f"
    private static var ownPrefix: String { "\(prefix)\(getpid())." }
    private static let limit = 1 << 20
    /// So many bytes are taken of the disk at once: where it is full that is known before anything is forwarded.
    private static let room = 4096

    /// The socket of the ssh that forwards it, by a name of this process's own: it leads to that ssh even where another one
    /// has taken its place meanwhile.
    let socket: String
    private let path: String
    private let file: Int32
    private var forwards: [String] = []
    private var isLeft = false

    /// - Returns: nil where no file can be made, or the disk has no room for one.
    init?(in folder: SharedFolder) {
        for number in 1...1000 {
            let path = "\(folder.path)/\(Self.ownPrefix)\(number)"
            guard let file = Self.make(path) else {
                guard errno == EEXIST else { return nil }
                continue
            }
            (self.path, self.file) = (path, file)
            socket = Self.socket(of: path)
            return
        }
        return nil
    }

    /// Makes it by another name at first: nobody finds it before it is locked, and takes it for one that was left.
    ///
    /// - Returns: nil with errno, EEXIST where there is one.
    private static func make(_ path: String) -> Int32? {
        let early = sibling("n", of: path)
        let file = open(early, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return nil }
        defer { unlink(early) }
        if flock(file, LOCK_EX | LOCK_NB) == 0,
            Descriptors.replace(file, with: [UInt8](repeating: 0x0a, count: room)),
            link(early, path) == 0 || (errno != EEXIST && rename(early, path) == 0)
        {
            return file
        }
        let why = errno
        Descriptors.close(file)
        errno = why
        return nil
    }

    deinit {
        unlink(socket)
        if !isLeft { unlink(path) }
        Descriptors.close(file)
    }

    private static func socket(of path: String) -> String { sibling("k", of: path) }

    /// The same name with another beginning.
    private static func sibling(_ beginning: String, of path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        return path.dropLast(name.count) + beginning + name.dropFirst(prefix.count)
    }

    /// Gives ``socket`` to the ssh that takes orders at a path now.
    func name(_ control: String) {
        unlink(socket)
        // Where files have one name each it is as if there were none of its own.
        if link(control, socket) != 0 { symlink(control, socket) }
    }

    /// They are left to the others to end, who see the file closed.
    func leave() { isLeft = !forwards.isEmpty }

    /// A forwarding is about to be begun, as ssh's -L takes it.
    ///
    /// - Returns: false where it cannot be noted, so that it must not be begun; errno says why then.
    func add(_ forward: String) -> Bool {
        forwards.append(forward)
        guard !write() else { return true }
        let why = errno
        remove(forward)
        errno = why
        return false
    }

    /// It has ended.
    func remove(_ forward: String) {
        forwards.removeAll { $0 == forward }
        // No longer than before: the disk has room for that.
        _ = write()
    }

    private func write() -> Bool {
        Descriptors.replace(file, with: Array((forwards.joined(separator: "\n") + "\n").utf8))
    }

    /// How many processes are there that may have something forwarded.
    static func holders(in folder: String) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let held = names.filter { name in
            guard name.hasPrefix(prefix) else { return false }
            let file = open("\(folder)/\(name)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
            defer { Descriptors.close(file) }
            return file >= 0 && flock(file, LOCK_SH | LOCK_NB) != 0
        }
        return Set(held.map { $0.prefix { $0 != "." } }).count
    }

    /// Ends what processes that are gone have left. One process alone looks after each, until all of it is ended: where that
    /// one goes meanwhile, the next does.
    static func endAbandoned(in folder: SharedFolder, _ end: (_ forward: String) -> Void) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        // What this one leaves it leaves to the others.
        for name in names where name.hasPrefix(prefix) && !name.hasPrefix(ownPrefix) {
            let path = "\(folder.path)/\(name)"
            // For reading: a file that was open for writing wakes all who watch the folder when it is closed, and this.
            let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
            guard file >= 0 else { continue }
            defer { Descriptors.close(file) }
            guard flock(file, LOCK_EX | LOCK_NB) == 0, RuntimeFolder.isStill(file, path) else { continue }
            let bytes = Descriptors.readToEnd(file, limit: limit) ?? []
            for line in bytes.split(separator: 0x0a) { end(String(decoding: line, as: UTF8.self)) }
            unlink(socket(of: path))
            unlink(path)
        }
    }
}
