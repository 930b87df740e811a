#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Profiles
import Workers

/// Whole files that are small or else none of ours.
package enum SmallFile {
    /// Opens a file for reading, never waiting for anybody to write into it: -1 with errno, EPIPE for a pipe.
    static func open(_ path: String) -> Int32 {
        let file = openFile(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        var status = stat()
        guard file >= 0, fstat(file, &status) == 0 else { return -1 }
        if [S_IFREG, S_IFCHR, S_IFDIR].contains(status.st_mode & S_IFMT) { return file }
        close(file)
        errno = EPIPE
        return -1
    }

    /// A file's bytes; nil where it is not there, cannot be read or is larger.
    package static func read(_ path: String, limit: Int) -> [UInt8]? {
        let file = open(path)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = take(file, &chunk)
            if count < 0, errno == EINTR { continue }
            guard count >= 0, content.count + count <= limit else { return nil }
            guard count > 0 else { return content }
            content += chunk[..<count]
        }
    }

    /// Replaces a file whole, mode 0600: written beside it and moved into its place, so that nobody reads half. A device
    /// or a pipe is written to: it must not make room for a file.
    ///
    /// - Returns: false where it could not be written; the old one stands then.
    package static func replace(_ path: String, with bytes: [UInt8]) -> Bool {
        // Where the name is a link, what it leads to is replaced.
        var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let path = realpath(path, &target).map { String(cString: $0) } ?? path
        if isSpecial(path) {
            let file = openFile(path, O_WRONLY | O_CLOEXEC)
            guard file >= 0 else { return false }
            defer { close(file) }
            return Descriptors.writeAll(bytes, to: file)
        }
        var template = Array("\(path).XXXXXX".utf8CString)
        // mkstemp makes it 0600.
        let file = mkstemp(&template)
        guard file >= 0 else { return false }
        let isWhole = Descriptors.writeAll(bytes, to: file) && fsync(file) == 0
        close(file)
        if isWhole, rename(template, path) == 0 { return true }
        unlink(template)
        return false
    }

    private static func isSpecial(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    /// Whether ``replace(_:with:)`` could make a file beside this one, and this is none that it must not replace.
    package static func isReplaceable(_ path: String) -> Bool {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return false }
        var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let path = realpath(path, &target).map { String(cString: $0) } ?? path
        if isSpecial(path) { return access(path, W_OK) == 0 }
        return access(FilePath.folder(of: path), W_OK | X_OK) == 0
    }

    /// Makes a folder and those above it, for the user alone.
    ///
    /// - Returns: false where it is not there afterwards.
    package static func makeFolder(_ path: String) -> Bool {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return true }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex,
            makeFolder(String(path[..<slash]))
        else { return false }
        return mkdir(path, 0o700) == 0 || errno == EEXIST
    }

    /// When a file was last written; nil where it is not there.
    package static func writtenAt(_ path: String) -> Date? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Glibc)
        let time = status.st_mtim
        #else
        let time = status.st_mtimespec
        #endif
        return Date(timeIntervalSince1970: Double(time.tv_sec))
    }
}

/// The C library's functions, apart from the methods of their names.
private func openFile(_ path: String, _ flags: Int32) -> Int32 { open(path, flags) }
private func take(_ file: Int32, _ chunk: inout [UInt8]) -> Int { read(file, &chunk, chunk.count) }
