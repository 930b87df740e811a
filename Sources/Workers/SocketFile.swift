#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem

/// The file of a Unix socket, which outlives a program that was killed.
package enum SocketFile {
    /// What is at a path.
    package enum Finding: Sendable, Hashable {
        case nothing
        /// A socket of this user's at which nobody listens any more.
        case deserted
        /// One at which somebody listens, or may: it cannot be told.
        case inUse
        /// Something else, or another user's.
        case foreign
    }

    package static func look(at path: String) -> Finding {
        var status = stat()
        guard lstat(path, &status) == 0 else { return errno == ENOENT ? .nothing : .foreign }
        guard status.st_mode & S_IFMT == S_IFSOCK, status.st_uid == geteuid() else { return .foreign }
        let other = csys_connect_unix_now(path)
        guard other < 0 else {
            Descriptors.close(other)
            return .inUse
        }
        // One whose queue is full is busy.
        return errno == ECONNREFUSED ? .deserted : errno == ENOENT ? .nothing : .inUse
    }

    /// Does what makes or removes one while no other pgfob does in that folder: a socket that is made takes a moment until
    /// it is listened at. The corresponding C function is `flock`.
    package static func alone<Value, Failure: Error>(
        inFolderOf path: String, _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let end = path.lastIndex(of: "/").map { $0 == path.startIndex ? path.index(after: $0) : $0 }
        let folder = open(end.map { String(path[..<$0]) } ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { Descriptors.close(folder) }
        // For a second at most: somebody else may have a lock of another meaning on it.
        var trials = 100
        while folder >= 0, flock(folder, LOCK_EX | LOCK_NB) != 0, trials > 0 {
            trials -= 1
            poll(nil, 0, 10)
        }
        return try body()
    }
}
