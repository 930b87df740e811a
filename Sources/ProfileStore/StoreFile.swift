#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The file of the store, before SQLite sees it: the folder made with 0700, the file with 0600.
enum StoreFile {
    /// - Throws: ``StoreFailure`` where the folder cannot be made, or the path is no file.
    static func prepare(_ path: String) throws(StoreFailure) {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw StoreFailure(
                    .unusable, "the store \(path) is not a file",
                    do: "name a file with --store or PGFOB_STORE")
            }
            // An older file, or one copied by hand: others have no business in it.
            if status.st_mode & 0o077 != 0, status.st_uid == geteuid() { chmod(path, 0o600) }
            return
        }
        guard errno == ENOENT || errno == ENOTDIR else { throw unusable(path) }
        try makeFolder(of: path)
        let file = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            // Another program was quicker: its file will do.
            if errno == EEXIST { return }
            throw unusable(path)
        }
        close(file)
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
