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

    private let file: Int32

    /// Takes it, unless another has it.
    init?(in folder: SharedFolder) {
        let path = Self.path(folder)
        let file = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return nil }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            Descriptors.close(file)
            return nil
        }
        self.file = file
        // What one that was killed was asked.
        tell(nil)
    }

    deinit { Descriptors.close(file) }

    /// Its user is asked something; nil once that has been answered.
    func tell(_ question: String?) {
        guard let question else { return Descriptors.replace(file, with: []) }
        let terminal = ttyname(0).map { " on \(String(cString: $0))" } ?? ""
        let words = "pgfob \(getpid())\(terminal) is asked: \(question)"
        Descriptors.replace(file, with: Array(words.utf8.prefix(Self.limit)))
    }

    /// Who is asked what; nil where nobody is.
    static func told(in folder: SharedFolder) -> String? {
        let file = open(path(folder), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { Descriptors.close(file) }
        guard let bytes = Descriptors.readToEnd(file, limit: 2 * limit), !bytes.isEmpty else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func path(_ folder: SharedFolder) -> String { "\(folder.path)/turn" }
}
