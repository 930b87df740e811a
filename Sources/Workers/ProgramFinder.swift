#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Finds programs by name, in the folders that `PATH` names by their whole path: one below the current folder could
/// be anybody's.
package struct ProgramFinder: Sendable {
    private let path: String

    package init(environment: [String: String]) {
        path = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    }

    /// All programs of that name, the first in PATH first.
    package func all(_ name: String) -> [String] {
        path.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }.filter(
            Self.isExecutable)
    }

    /// The program that a command's first word means: a path as it is, a name as PATH finds it.
    package func program(_ word: String) -> String? { word.contains("/") ? word : all(word).first }

    package static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}
