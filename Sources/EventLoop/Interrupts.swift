#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Waits for the user or the system to end a program that stays, without the screen.
package struct Interrupts {
    private let signals: ProgramSignals?

    /// From now on they end nothing by themselves.
    package init() { signals = ProgramSignals() }

    /// Blocks until INT, TERM or HUP.
    package func wait() {
        guard let signals else { return }
        while true {
            Poll.wait([signals.descriptor], until: nil)
            if signals.drain().contains(where: { [SIGINT, SIGTERM, SIGHUP].contains($0) }) { return }
        }
    }
}
