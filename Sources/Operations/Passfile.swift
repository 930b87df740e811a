import Profiles
import Secrets

/// A libpq password file that exists only in memory: the way of a secret to psql.
///
/// libpq insists on a regular file without group or other permissions, which a `memfd` with mode 0600 is
/// (PostgreSQL documentation, "The Password File"). The file closes with the last reference to this value.
package final class Passfile: Sendable {
    /// Room for one line; tokens are a few kilobytes at most. Every writing has this size, so that one
    /// `pwrite` replaces the whole and no reader sees half of it.
    static let size = 16_384

    private let file: MemoryFile

    /// - Parameter line: from ``PasswordFile/line(host:port:database:user:secret:)``.
    /// - Returns: nil where the system has no files in memory.
    package init?(line: Secret) {
        guard let file = MemoryFile() else { return nil }
        self.file = file
        guard write(line) else { return nil }
    }

    /// The file opened read-only, to be inherited by the child.
    package var readOnlyDescriptor: Int32 { file.readOnlyDescriptor }

    /// How a program that inherits it opens it.
    package var path: String { file.inheritedPath }

    /// Replaces the line, so that psql's next `\c` reads the new one.
    ///
    /// - Returns: whether it was written whole.
    @discardableResult
    package func write(_ line: Secret) -> Bool {
        guard let padded = PasswordFile.padded(line, to: Self.size) else { return false }
        return file.write(padded.reveal())
    }
}
