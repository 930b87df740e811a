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

    private let path: String
    private let file: Int32
    private var forwards: [String] = []
    private var isLeft = false

    /// - Returns: nil where no file can be made.
    init?(in folder: SharedFolder) {
        for number in 1...1000 {
            let path = "\(folder.path)/\(Self.ownPrefix)\(number)"
            let file = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard file >= 0 else {
                guard errno == EEXIST else { return nil }
                continue
            }
            // One of the others may have taken it for one that was left.
            if flock(file, LOCK_EX | LOCK_NB) == 0, RuntimeFolder.isStill(file, path) {
                (self.path, self.file) = (path, file)
                return
            }
            Descriptors.close(file)
        }
        return nil
    }

    deinit {
        if !isLeft { unlink(path) }
        Descriptors.close(file)
    }

    /// They are left to the others to end, who see the file closed.
    func leave() { isLeft = !forwards.isEmpty }

    /// A forwarding is about to be begun, as ssh's -L takes it.
    func add(_ forward: String) {
        forwards.append(forward)
        write()
    }

    /// It has ended.
    func remove(_ forward: String) {
        forwards.removeAll { $0 == forward }
        write()
    }

    private func write() {
        Descriptors.replace(file, with: Array(forwards.joined(separator: "\n").utf8))
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
            unlink(path)
        }
    }
}
