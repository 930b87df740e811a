#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Formats
import Profiles
import Workers

/// Whole texts in files that the user names.
package enum TextFile {
    /// No import is larger.
    private static let limit = 200_000_000

    /// - Parameters:
    ///   - path: `-` is stdin, `~/` begins in the home folder.
    ///   - home: the home folder; nil leaves a tilde as it is.
    /// - Throws: ``Refusal`` of kind `failed` with the file and the reason.
    package static func read(_ path: String, _ home: String? = nil) throws(Refusal) -> String {
        PlainText.withLineFeeds(try readAsIs(path, home))
    }

    /// The same with its line ends as they are.
    static func readAsIs(_ path: String, _ home: String?) throws(Refusal) -> String {
        let path = expanded(path, home)
        guard path != "-" else { return try read(0, path) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { close(descriptor) }
        return try read(descriptor, path)
    }

    /// The text of a file that nobody has named, for it lies beside one that was; nil where there is none. Whoever made
    /// the folder has no say in what else is read: no link is followed, and what is no plain file never waited for.
    static func readBeside(_ path: String, _ home: String?) -> String? {
        let path = expanded(path, home)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        do { return PlainText.withLineFeeds(try read(descriptor, path)) } catch { return nil }
    }

    private static func read(_ descriptor: Int32, _ path: String) throws(Refusal) -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = readBytes(descriptor, &chunk)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                // Whoever gave it has it not block, as a shell's pipe from ssh or node may not.
                var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                _ = poll(&entry, 1, -1)
                continue
            }
            guard count >= 0 else { throw unreadable(path) }
            if count == 0 { break }
            bytes += chunk.prefix(count)
            guard bytes.count <= limit else {
                throw Refusal(.failed, "\(path) is larger than \(limit / 1_000_000) MB", do: "split it")
            }
        }
        do throws(PlainText.Unreadable) { return try PlainText.decodeAsIs(bytes) } catch {
            throw Refusal(.failed, path == "-" ? "stdin" : path, do: error.text)
        }
    }

    /// Writes a new file, readable by its owner alone; one that exists is left as it is.
    ///
    /// - Throws: ``Refusal`` where it exists, or cannot be written whole: nothing is left of it then.
    package static func write(_ text: String, to path: String, _ home: String? = nil) throws(Refusal) {
        let path = expanded(path, home)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST { throw Refusal(.failed, "\(path) exists", do: "name another file") }
            throw Refusal(
                .failed, "\(path) cannot be written (\(String(cString: strerror(errno))))",
                do: "check the path and its permissions")
        }
        let isWhole = Descriptors.writeAll(text.utf8, to: descriptor)
        let problem = isWhole ? 0 : errno
        guard close(descriptor) == 0, isWhole else {
            unlink(path)
            throw Refusal(
                .failed, "\(path) cannot be written whole (\(String(cString: strerror(problem))))",
                do: "make room, or name another place")
        }
    }

    static func expanded(_ path: String, _ home: String?) -> String {
        guard let home, path == "~" || path.hasPrefix("~/") else { return path }
        return home + path.dropFirst()
    }

    private static func unreadable(_ path: String) -> Refusal {
        Refusal(
            .failed, "\(path) cannot be read (\(String(cString: strerror(errno))))",
            do: "check the path and its permissions")
    }
}

/// The C library's function, apart from the method of its name.
private func readBytes(_ descriptor: Int32, _ chunk: inout [UInt8]) -> Int {
    read(descriptor, &chunk, chunk.count)
}
