#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem

/// A file that exists only in memory and that a child inherits: nothing of it is ever on a disk, and it goes with the
/// last program that has it open, however that one ends.
package final class MemoryFile: Sendable {
    private let descriptor: Int32
    /// The same file opened read-only, to be inherited by the child.
    package let readOnlyDescriptor: Int32

    /// - Returns: nil where the system has no files in memory.
    package init?() {
        descriptor = csys_memfd("pgfob")
        guard descriptor >= 0 else { return nil }
        readOnlyDescriptor = csys_reopen_readonly(descriptor)
        guard readOnlyDescriptor >= 0 else {
            close(descriptor)
            return nil
        }
    }

    deinit {
        close(readOnlyDescriptor)
        close(descriptor)
    }

    /// Writes from the start, in one call: a reader sees what was there before or all of it, where the size stays.
    ///
    /// - Returns: whether it was written whole.
    func write(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            pwrite(descriptor, bytes.baseAddress, bytes.count, 0) == bytes.count
        }
    }

    /// Replaces all of it, whatever its size was.
    func replace(with text: String) {
        ftruncate(descriptor, 0)
        _ = write(text)
    }

    /// Whether somebody has read it since it was written. The corresponding C function is `fstat`.
    package var wasRead: Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        #if canImport(Glibc)
        let (read, written) = (status.st_atim, status.st_mtim)
        #else
        let (read, written) = (status.st_atimespec, status.st_mtimespec)
        #endif
        return (read.tv_sec, read.tv_nsec) > (written.tv_sec, written.tv_nsec)
    }

    /// Whether it begins with a word. The corresponding C function is `pread`.
    func begins(with word: String) -> Bool {
        var bytes = [UInt8](repeating: 0, count: word.utf8.count)
        return pread(descriptor, &bytes, bytes.count, 0) == bytes.count && bytes == Array(word.utf8)
    }

    /// How a program that inherits it opens it.
    package var inheritedPath: String { Self.path(inheritedAs: readOnlyDescriptor) }

    /// How a program that inherits a descriptor under this number opens the file.
    package static func path(inheritedAs number: Int32) -> String {
        #if os(Linux)
        "/proc/self/fd/\(number)"
        #else
        "/dev/fd/\(number)"
        #endif
    }
}
