#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// By what a file, or a folder, is known not to have changed: which one it is, its size, and when it or its rights were
/// last written. The corresponding C function is `stat`.
package struct FileMark: Sendable, Hashable {
    private let device, number: UInt64
    private let size: Int64
    private let seconds, nanoseconds: Int

    /// The mark of what a path leads to, as it is now; nil where that is not there.
    package init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Glibc)
        let changed = status.st_ctim
        #else
        let changed = status.st_ctimespec
        #endif
        (device, number) = (UInt64(truncatingIfNeeded: status.st_dev), UInt64(status.st_ino))
        (size, seconds, nanoseconds) = (Int64(status.st_size), changed.tv_sec, changed.tv_nsec)
    }
}
