#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Profiles

/// The file of the store, before SQLite sees it: the folder made with 0700, the file with 0600.
enum StoreFile {
    /// - Throws: ``StoreFailure`` where the folder cannot be made, or the path is no file.
    static func prepare(_ path: String, makesFolders: Bool = true) throws(StoreFailure) {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw StoreFailure(
                    .unusable, "the store \(path) is not a file",
                    do: "name a file with --store or PGFOB_STORE")
            }
            guard access(path, R_OK) == 0 else {
                throw StoreFailure(
                    .unusable, "the store \(path) cannot be read (\(String(cString: strerror(errno))))",
                    do: "make the file readable for your account, or name another with --store")
            }
            return
        }
        guard errno == ENOENT || errno == ENOTDIR else { throw unusable(path) }
        if makesFolders { try makeFolder(of: path) } else { try refuseMissingFolder(of: path) }
        let file = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            // Another program was quicker: its file will do.
            if errno == EEXIST { return }
            throw unusable(path)
        }
        close(file)
    }

    /// - Throws: ``StoreFailure`` where that cannot be told, as in a folder of somebody else's.
    static func isThere(_ path: String) throws(StoreFailure) -> Bool {
        if isMissing(path) { return false }
        var status = stat()
        guard stat(path, &status) == 0 else { throw unusable(path) }
        return true
    }

    private static func isMissing(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) != 0 && (errno == ENOENT || errno == ENOTDIR)
    }

    /// - Throws: ``StoreFailure`` where the folder that a file would lie in is not there.
    static func refuseMissingFolder(of path: String) throws(StoreFailure) {
        let folder = FilePath.folder(of: path)
        guard isMissing(folder) else { return }
        throw StoreFailure(
            .unusable, "the folder of the store \(path) is not there",
            do: "correct the path, or make the folder: `mkdir -p \(folder)`")
    }

    /// Why a file cannot be made in the nearest folder above it that is there; nil where it can.
    static func hindrance(toMaking path: String) -> StoreFailure? {
        var folder = FilePath.folder(of: path)
        while isMissing(folder), folder != "/", folder != "." { folder = FilePath.folder(of: folder) }
        guard access(folder, W_OK | X_OK) != 0 else { return nil }
        return StoreFailure(
            .unusable, "the store \(path) cannot be made (\(String(cString: strerror(errno))))",
            do: "make \(folder) writable, or name another store with --store")
    }

    /// Closes a store to others, where it is the user's own and was copied by hand. Only for what is known to be a
    /// store: a path that was mistyped may be anything.
    static func makePrivate(_ path: String) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & 0o077 != 0, status.st_uid == geteuid() {
            chmod(path, 0o600)
        }
    }

    /// What SQLite keeps beside the file.
    static func companions(of path: String) -> [String] { ["\(path)-wal", "\(path)-shm"] }

    /// SQLite makes what it keeps beside the file with the file's mode, and a reader leaves it behind: of a store that was
    /// read-only for a while it would keep every later writer out.
    static func openCompanions(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IWUSR != 0 else { return }
        for companion in companions(of: path)
        where stat(companion, &status) == 0 && status.st_mode & S_IWUSR == 0 && status.st_uid == geteuid() {
            chmod(companion, 0o600)
        }
    }

    /// What of a store cannot be written: the file, or what lies beside it where that alone is closed.
    static func closedPart(of path: String) -> String {
        guard access(path, W_OK) == 0 else { return path }
        return companions(of: path).first { access($0, F_OK) == 0 && access($0, W_OK) != 0 } ?? path
    }

    /// Whether a store is there that cannot be written here: its disk is read-only, or its folder another user's, in
    /// which SQLite has no room for its journal.
    static func isOnReadOnlyDisk(_ path: String) -> Bool {
        access(FilePath.folder(of: path), W_OK) != 0 && isWhole(path)
    }

    /// Whether all of a store is in its file. A journal that was left behind holds what the file does not: such a store
    /// cannot be read without writing.
    static func isWhole(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_size > 0 else { return false }
        return stat("\(path)-wal", &status) != 0 || status.st_size == 0
    }

    /// The file as a URI that says so to SQLite.
    static func immutableURI(_ path: String) -> String {
        // What a URI gives a meaning of its own (RFC 3986).
        "file:\(path.replacing("%", with: "%25").replacing("?", with: "%3f").replacing("#", with: "%23"))?immutable=1"
    }

    /// Whether the disk under a path has no room left for what SQLite keeps beside its file.
    static func isDiskFull(under path: String) -> Bool {
        var status = statvfs()
        guard statvfs(FilePath.folder(of: path), &status) == 0 else { return false }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize) < 65_536
    }

    private static func makeFolder(of path: String) throws(StoreFailure) {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
        let folder = String(path[..<slash])
        if mkdir(folder, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT else {
            throw StoreFailure(
                .unusable, "the folder \(folder) cannot be made (\(String(cString: strerror(errno))))",
                do: "make it writable, or name another store with --store")
        }
        try makeFolder(of: folder)
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw StoreFailure(
                .unusable, "the folder \(folder) cannot be made (\(String(cString: strerror(errno))))",
                do: "make it writable, or name another store with --store")
        }
    }

    private static func unusable(_ path: String) -> StoreFailure {
        StoreFailure(
            .unusable, "the store \(path) cannot be opened (\(String(cString: strerror(errno))))",
            do: "check the path and its permissions, or name another with --store")
    }
}
