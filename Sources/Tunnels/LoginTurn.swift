#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Workers

/// The right to log in for all who are in a shared folder, which one program has at a time. The others read in it what
/// that one's user is asked meanwhile.
final class LoginTurn: Sendable {
    private static let limit = 4096

    /// For reading: one that was open for writing wakes all who watch the folder when it is closed, and whoever looks in
    /// vain would wake them.
    private let lock: Int32
    private let file: Int32

    /// Takes it, unless another has it.
    init?(in folder: SharedFolder) {
        let path = Self.path(folder)
        let lock = open(path, O_CREAT | O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else { return nil }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0,
            case let file = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW), file >= 0
        else {
            Descriptors.close(lock)
            return nil
        }
        (self.lock, self.file) = (lock, file)
        // What one that was killed was asked.
        tell(nil)
    }

    deinit {
        // In this order: whoever is told that the file was closed can take it.
        Descriptors.close(lock)
        Descriptors.close(file)
    }

    /// Its user is asked something; nil once that has been answered. Where that cannot be written the others wait as for
    /// one who is not asked.
    func tell(_ question: String?) {
        let terminal = ttyname(0).map { " on \(String(cString: $0))" } ?? ""
        let words = question.map { "pgfob \(getpid())\(terminal) is asked: \($0)" } ?? ""
        _ = Descriptors.replace(file, with: Array(words.utf8.prefix(Self.limit)))
    }

    /// Who is asked what; nil where nobody is.
    static func told(in folder: SharedFolder) -> String? {
        Descriptors.firstLine(of: path(folder), limit: 2 * limit)
    }

    private static func path(_ folder: SharedFolder) -> String { "\(folder.path)/turn" }
}
