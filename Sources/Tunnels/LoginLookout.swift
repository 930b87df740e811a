#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Workers

/// Looks out for a login of another program that one here would share, without a part in it. Used by one thread at a time.
final class LoginLookout {
    private let folder: String
    /// Where the folder comes and goes with those who are in it.
    private let above: FolderWatch
    private var inside: FolderWatch?
    /// The socket that was found last: its number and when it was made.
    private var last: (ino_t, Int, Int)?

    /// - Returns: nil where no login is shared, or the system does not tell what happens in a folder.
    init?(_ destination: String, _ port: Int?, environment: [String: String]) {
        guard let base = RuntimeFolder.base(environment: environment),
            let name = SharedName.of(destination, port, environment: environment)
        else { return nil }
        folder = SharedFolder.path(below: base, named: name)
        above = FolderWatch(base, closes: true)
        guard above.descriptor >= 0 else { return nil }
    }

    /// Readable when it is to be looked.
    var descriptors: [Int32] { [above.descriptor] + (inside.map { [$0.descriptor] } ?? []) }

    /// Whether there is a login now that it has not seen before.
    func look() -> Bool {
        // Before the look, which sees what happened until then.
        if above.drain() || inside == nil {
            inside = access(folder, F_OK) == 0 ? FolderWatch(folder, closes: true) : nil
        }
        _ = inside?.drain()
        var status = stat()
        let path = SharedMaster.control(in: folder)
        guard RuntimeFolder.isOwn(folder), lstat(path, &status) == 0 else { return false }
        #if canImport(Glibc)
        let made = (status.st_ino, status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
        #else
        let made = (status.st_ino, status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec)
        #endif
        if let last, last == made { return false }
        let connection = MasterSocket.connect(path)
        guard connection >= 0 else { return false }
        Descriptors.close(connection)
        last = made
        return true
    }
}
