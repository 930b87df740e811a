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

/// Waits for descriptors; the timeout is the next instant at which something is due.
enum Poll {
    /// Which of the descriptors are readable, closed or broken.
    ///
    /// Returns early on a signal, with none. The corresponding C function is `poll`.
    ///
    /// - Parameters:
    ///   - deadline: when to return at the latest; nil waits for ever.
    ///   - output: written to and not read: it is told when its reader has gone. Nil for none.
    @discardableResult
    static func wait(
        _ descriptors: [Int32], until deadline: Date?, output: Int32? = nil
    ) -> Set<Int32> {
        var list = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        if let output { list.append(pollfd(fd: output, events: 0, revents: 0)) }
        // Rounded up: waking a moment early would find nothing due and poll again.
        let left = deadline.map { min(max(0, ($0.timeIntervalSinceNow * 1000).rounded(.up)), 86_400_000) }
        let count = poll(&list, nfds_t(list.count), left.map { Int32($0) } ?? -1)
        guard count > 0 else { return [] }
        return Set(list.filter { $0.revents != 0 }.map(\.fd))
    }
}
