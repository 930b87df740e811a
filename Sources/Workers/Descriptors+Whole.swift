#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem

/// Whole texts through descriptors that block, and who is at the other end.
extension Descriptors {
    /// Writes all of some bytes, over interruptions.
    ///
    /// - Returns: false where they could not be written whole; errno says why then.
    package static func writeAll(_ bytes: some Collection<UInt8>, to descriptor: Int32) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Replaces the lines of a small file by one write: whoever is killed meanwhile, or finds the disk full, leaves the old
    /// ones or the new ones. Where the file was longer, empty lines follow. The corresponding C function is `pwrite`.
    ///
    /// - Returns: false where they could not be written; errno says why then.
    package static func replace(_ descriptor: Int32, with lines: [UInt8]) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        let whole = lines + [UInt8](repeating: 0x0a, count: max(0, Int(status.st_size) - lines.count))
        let count = pwrite(descriptor, whole, whole.count, 0)
        if count >= 0, count < whole.count { errno = ENOSPC }
        return count == whole.count
    }

    /// The first line of a small file, without empty ones before it; nil where there is none, or the file cannot be read or is
    /// larger than the limit in bytes. No link is followed.
    package static func firstLine(of path: String, limit: Int) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return readToEnd(file, limit: limit)?.split(separator: 0x0a).first.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// Reads what there is in a descriptor that does not block, and forgets it.
    ///
    /// - Returns: whether there was anything.
    package static func drain(_ descriptor: Int32) -> Bool {
        guard descriptor >= 0 else { return false }
        var (hasRead, buffer) = (false, [UInt8](repeating: 0, count: 4096))
        while read(descriptor, &buffer, buffer.count) > 0 { hasRead = true }
        return hasRead
    }

    /// All that comes, to the end; nil where reading fails, or more comes than the limit in bytes.
    package static func readToEnd(_ descriptor: Int32, limit: Int) -> [UInt8]? {
        var (bytes, buffer): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 16_384))
        while bytes.count < limit {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? bytes : nil }
            bytes += buffer[..<count]
        }
        return nil
    }

    /// Whether a path leads to a pipe, at which who opens it for reading waits until somebody writes into it.
    package static func isPipe(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    }

    /// All of a file of the system's own, which tells no size and comes in pieces of a page each (proc(5)); nil where it cannot
    /// be read or is larger than the limit in bytes.
    package static func contents(ofSystem path: String, limit: Int) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return readToEnd(file, limit: limit)
    }

    /// Whether a Unix socket's other end is a process of this user; false where the system does not tell.
    package static func isPeerOwn(_ connection: Int32) -> Bool {
        var user = uid_t()
        return csys_peer(connection, &user) == 0 && user == geteuid()
    }
}
