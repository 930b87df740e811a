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
    /// - Parameter hasScreen: else it may be a job that is to go on without its terminal: HUP is then left to whoever has
    ///   it ignored (nohup(1)).
    /// - Returns: nil where the system has no descriptor left.
    init?(hasScreen: Bool = false) {
        descriptor = hasScreen ? csys_signals_install() : csys_signals_install_for_job()
        guard descriptor >= 0 else { return nil }
    }

    /// Has TSTP stop the program again as it stops any, for those without a screen.
    func stopAsUsual() { csys_stop_as_usual() }

    /// The signals that came since the last call, each once, in order.
    func drain() -> [Int32] {
        var seen: [Int32] = []
        for (number, _) in drainMarked() where !seen.contains(number) { seen.append(number) }
        return seen
    }

    /// The same with who sent them: the system, such as the terminal to all of its foreground, or a process to this one.
    func drainMarked() -> [(number: Int32, bySystem: Bool)] {
        var bytes = [UInt8](repeating: 0, count: 64)
        var seen: [(number: Int32, bySystem: Bool)] = []
        while true {
            let count = read(descriptor, &bytes, bytes.count)
            guard count > 0 else { return seen }
            for byte in bytes.prefix(count) {
                let number = Int32(byte) & ~CSYS_BY_SYSTEM
                seen.append((number, Int32(byte) & CSYS_BY_SYSTEM != 0))
            }
        }
    }
}
