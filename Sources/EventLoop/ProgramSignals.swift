#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem

/// Signals as bytes in a pipe: no handler enters Swift.
struct ProgramSignals {
    /// What `poll` watches.
    let descriptor: Int32

    /// Installs the handlers for the life of the process.
    ///
    /// - Returns: nil where the system has no descriptor left.
    init?() {
        descriptor = csys_signals_install()
        guard descriptor >= 0 else { return nil }
    }

    /// The signals that came since the last call, each once, in order.
    func drain() -> [Int32] {
        var bytes = [UInt8](repeating: 0, count: 64)
        var seen: [Int32] = []
        while true {
            let count = read(descriptor, &bytes, bytes.count)
            guard count > 0 else { return seen }
            for byte in bytes.prefix(count) where !seen.contains(Int32(byte)) { seen.append(Int32(byte)) }
        }
    }
}
