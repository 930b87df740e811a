#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Lines for the log: stderr, which points at the log file while the screen is up.
package enum ProgramLog {
    /// Writes one line. Callers see to it that it holds no secret.
    package static func note(_ text: String) {
        let line = "pgfob: " + text + "\n"
        _ = line.withCString { write(2, $0, strlen($0)) }
    }
}
