#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem

/// The few calls on file descriptors that waiting needs.
package enum Descriptors {
    /// A pipe that does not block and that no child inherits; nil where there is no descriptor left.
    package static func pipe() -> (reader: Int32, writer: Int32)? {
        var ends: [Int32] = [-1, -1]
        // Marked as they are made: a child that another thread starts meanwhile would have them else.
        guard csys_pipe(&ends) == 0 else { return nil }
        return (ends[0], ends[1])
    }

    /// How many of some jobs may run at once with the descriptors that this process may open; the limit is raised where
    /// the system lets it. The corresponding C functions are `getrlimit` and `setrlimit`.
    ///
    /// - Parameter each: what one of them opens at most.
    package static func room(for jobs: Int, each: Int = 12) -> Int {
        let wanted = jobs * each + spare
        csys_allow_files(UInt(wanted))
        var limit = rlimit()
        #if canImport(Glibc)
        let known = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        #else
        let known = getrlimit(RLIMIT_NOFILE, &limit) == 0
        #endif
        guard known, limit.rlim_cur < UInt(wanted) else { return jobs }
        return max(1, (Int(limit.rlim_cur) - spare) / each)
    }

    /// What the program itself has open: the store, the terminal, the AWS files.
    private static let spare = 64

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
