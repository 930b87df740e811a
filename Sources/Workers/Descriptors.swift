#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The few calls on file descriptors that waiting needs.
package enum Descriptors {
    /// A pipe that no child inherits; nil where there is no descriptor left.
    package static func pipe() -> (reader: Int32, writer: Int32)? {
        var ends: [Int32] = [-1, -1]
        // Swift's Glibc has no pipe2.
        #if canImport(Glibc)
        guard Glibc.pipe(&ends) == 0 else { return nil }
        #else
        guard Darwin.pipe(&ends) == 0 else { return nil }
        #endif
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        return (ends[0], ends[1])
    }

    package static func close(_ descriptor: Int32) {
        guard descriptor >= 0 else { return }
        #if canImport(Glibc)
        _ = Glibc.close(descriptor)
        #else
        _ = Darwin.close(descriptor)
        #endif
    }

    /// Wakes who waits at the other end. Nothing to do where it has gone: SIGPIPE is ignored by the program, and
    /// both ends live as long as their owner.
    package static func writeByte(_ descriptor: Int32) {
        var byte: UInt8 = 1
        _ = write(descriptor, &byte, 1)
    }
}
