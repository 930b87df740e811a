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
    private static let limit = 1 << 20

    private let path: String
    private let file: Int32
    private var forwards: [String] = []
    private var isLeft = false

    /// - Returns: nil where no file can be made.
    init?(in folder: SharedFolder) {
        for number in 1...1000 {
            let path = "\(folder.path)/\(Self.prefix)\(getpid()).\(number)"
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
        ftruncate(file, 0)
        let bytes = Array(forwards.joined(separator: "\n").utf8)
        pwrite(file, bytes, bytes.count, 0)
    }

    /// Takes over what processes that were killed have left; one process alone gets each.
    static func takeAbandoned(in folder: SharedFolder) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasPrefix(prefix) }.flatMap { name -> [String] in
            let path = "\(folder.path)/\(name)"
            let file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
            guard file >= 0 else { return [] }
            defer { Descriptors.close(file) }
            guard flock(file, LOCK_EX | LOCK_NB) == 0, RuntimeFolder.isStill(file, path) else { return [] }
            unlink(path)
            let bytes = Descriptors.readToEnd(file, limit: limit) ?? []
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }
}
