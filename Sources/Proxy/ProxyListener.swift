#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import Synchronization
import Workers

/// Where clients connect: a Unix socket of this user's alone, or a port of 127.0.0.1. Closed with this value.
package final class ProxyListener: Sendable {
    /// Why it cannot be opened: what failed and what to do.
    package struct Failure: Error, Sendable, Hashable {
        package var what: String
        package var remedy: String
    }

    package enum Place: Sendable, Hashable {
        /// The socket's path.
        case socket(String)
        case port(Int)
    }

    /// Where it is to be.
    package enum Wish: Sendable, Hashable {
        /// A folder for a socket that libpq finds; made where there is none.
        case folder(String)
        /// A socket's path.
        case socket(String)
        /// 0 takes a free one.
        case port(Int)
    }

    /// libpq looks for this and the port in a folder (libpq documentation, `host`), and most other drivers do too.
    private static let socketName = ".s.PGSQL."
    private static let usualPort = 5432

    /// The port under which libpq finds a socket; nil where it does not.
    package static func port(ofSocket path: String) -> Int? {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard name.hasPrefix(socketName) else { return nil }
        return UInt16(name.dropFirst(socketName.count)).map { Int($0) }
    }

    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    let descriptor: Int32
    /// Where it is; the port is never 0.
    package let place: Place
    /// The folder that was made for it.
    package let madeFolder: String?
    /// Which file the socket is: another one may lie at its path by the end.
    private let file: (device: dev_t, number: ino_t)

    /// - Throws: ``Failure`` where something is there already.
    package init(_ wish: Wish) throws(Failure) {
        switch wish {
        case .folder(let path):
            let folder = Self.trimmed(path)
            let isNew = try Self.make(folder)
            madeFolder = isNew ? folder : nil
            let socket = "\(folder)/\(Self.socketName)\(Self.usualPort)"
            do throws(Failure) { descriptor = try Self.socket(socket) } catch {
                if isNew { rmdir(folder) }
                throw error
            }
            (place, file) = (.socket(socket), Self.file(socket))
        case .socket(let path):
            madeFolder = nil
            descriptor = try Self.socket(path)
            (place, file) = (.socket(path), Self.file(path))
        case .port(let wanted):
            madeFolder = nil
            var port = Int32(wanted)
            descriptor = csys_listen_loopback(&port)
            guard descriptor >= 0 else {
                throw Failure(
                    what: "127.0.0.1:\(wanted) cannot be listened at (\(String(cString: strerror(errno))))",
                    remedy: "choose another port; 0 takes a free one")
            }
            (place, file) = (.port(Int(port)), (0, 0))
        }
    }

    deinit {
        remove()
        Descriptors.close(descriptor)
    }

    /// Takes the socket away, so that no client waits at it. A second time does nothing.
    func remove() {
        guard case .socket(let path) = place, !isRemoved.exchange(true, ordering: .relaxed) else { return }
        let now = Self.file(path)
        if now.device == file.device, now.number == file.number { unlink(path) }
        // Where nobody has put anything else there.
        if let madeFolder { rmdir(madeFolder) }
    }

    private static func file(_ path: String) -> (device: dev_t, number: ino_t) {
        var status = stat()
        return lstat(path, &status) == 0 ? (status.st_dev, status.st_ino) : (0, 0)
    }

    /// - Returns: whether it was not there.
    private static func make(_ folder: String) throws(Failure) -> Bool {
        if mkdir(folder, 0o700) == 0 { return true }
        let number = errno
        if number == EEXIST {
            if isFolder(folder) { return false }
            throw Failure(
                what: "\(folder) is there and is no folder",
                remedy: "name another folder, or without the / at its end the socket itself")
        }
        throw Failure(
            what: "the folder \(folder) cannot be made (\(String(cString: strerror(number))))",
            remedy: "check the path and its permissions, or name another with --listen")
    }

    /// Without slashes at its end.
    private static func trimmed(_ path: String) -> String {
        var folder = Substring(path)
        while folder.count > 1, folder.hasSuffix("/") { folder = folder.dropLast() }
        return String(folder)
    }

    private let isRemoved = Atomic(false)

    private static func socket(_ path: String) throws(Failure) -> Int32 {
        try SocketFile.alone(inFolderOf: path) { () throws(Failure) in
            var descriptor = csys_listen_unix(path, 0o700)
            if descriptor < 0, errno == EADDRINUSE {
                switch SocketFile.look(at: path) {
                case .foreign:
                    throw Failure(
                        what: "\(path) is there and is no socket of yours",
                        remedy: "name another with --listen")
                case .inUse:
                    throw Failure(
                        what: "something listens at \(path) already",
                        remedy: "end it, or name another with --listen")
                case .deserted: unlink(path)
                case .nothing: break
                }
                descriptor = csys_listen_unix(path, 0o700)
            }
            guard descriptor >= 0 else {
                let remedy =
                    errno == ENAMETOOLONG
                    ? "name a shorter path with --listen: the system allows about 100 bytes"
                    : "check the folder and its permissions, or name another with --listen"
                throw Failure(
                    what: "\(path) cannot be made (\(String(cString: strerror(errno))))", remedy: remedy)
            }
            return descriptor
        }
    }

    /// Whether the system lets nobody else connect.
    var isOfOneUser: Bool { if case .socket = place { true } else { false } }

    /// Whether who is at the other end of a connection is this user, where the system tells.
    func isOwn(_ connection: Int32) -> Bool {
        guard case .socket = place else { return true }
        return Descriptors.isPeerOwn(connection)
    }
}
