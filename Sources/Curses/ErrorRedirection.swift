#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Where stderr goes: to the log while the screen is up, so that no library paints over the list.
struct ErrorRedirection {
    private let logPath: String
    private var saved: Int32 = -1

    init(logPath: String) {
        self.logPath = logPath
    }

    /// Points descriptor 2 at the log, or at nothing where the log cannot be opened.
    mutating func redirect() {
        guard saved < 0 else { return }
        var log = open(logPath, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        if log < 0, errno == ENOENT {
            makeFolder()
            log = open(logPath, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        }
        if log < 0 { log = open("/dev/null", O_WRONLY | O_CLOEXEC) }
        guard log >= 0 else { return }
        saved = fcntl(2, F_DUPFD_CLOEXEC, 3)
        dup2(log, 2)
        close(log)
    }

    /// The log's folder, and those above it that are missing.
    private func makeFolder() {
        for end in logPath.indices where logPath[end] == "/" && end > logPath.startIndex {
            mkdir(String(logPath[..<end]), 0o700)
        }
    }

    /// Points it back at what it was.
    mutating func restore() {
        guard saved >= 0 else { return }
        dup2(saved, 2)
        close(saved)
        saved = -1
    }
}
