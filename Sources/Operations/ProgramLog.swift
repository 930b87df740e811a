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
import Profiles
import Synchronization

/// The log: what nobody is shown at once, or is to be found later.
package struct ProgramLog: Sendable, Hashable {
    private let path: String

    /// The log of this user; stderr points at it while the screen is up.
    package init(_ surroundings: Surroundings) {
        path = Self.path(surroundings)
    }

    package static func path(_ surroundings: Surroundings) -> String {
        "\(surroundings.stateFolder)/pgfob.log"
    }

    /// Writes one line with its time, wherever stderr leads. Callers see to it that it holds no secret.
    package func keep(_ text: String, at now: Date) {
        makeFolder()
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return }
        defer { close(file) }
        Self.put("\(Timestamp.rfc3339(now)) pgfob: \(text)\n", to: file)
    }

    /// The log's folder, and those above it that are missing.
    private func makeFolder() {
        for end in path.indices where path[end] == "/" && end > path.startIndex {
            mkdir(String(path[..<end]), 0o700)
        }
    }

    private static let current = Mutex<String?>(nil)

    /// Says where the log is that stderr will point at: what is noted there gets its time.
    package func begin() { Self.current.withLock { $0 = path } }

    /// Writes one line on stderr, which points at the log file while the screen is up. Callers see to it that it holds no
    /// secret.
    package static func note(_ text: String) {
        let time = leadsToLog ? Timestamp.rfc3339(Date()) + " " : ""
        put("\(time)pgfob: \(text)\n", to: 2)
    }

    private static var leadsToLog: Bool {
        guard let path = current.withLock({ $0 }) else { return false }
        var (log, errors) = (stat(), stat())
        return stat(path, &log) == 0 && fstat(2, &errors) == 0
            && (log.st_dev, log.st_ino) == (errors.st_dev, errors.st_ino)
    }

    private static func put(_ line: String, to descriptor: Int32) {
        _ = line.withCString { write(descriptor, $0, strlen($0)) }
    }
}
