#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
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

    private let descriptor: Int32
    /// The same file opened read-only, to be inherited by the child.
    package let readOnlyDescriptor: Int32

    /// - Parameter line: from ``PasswordFile/line(host:port:database:user:secret:)``.
    /// - Returns: nil where the system has no files in memory.
    package init?(line: Secret) {
        descriptor = csys_memfd("pgfob")
        guard descriptor >= 0 else { return nil }
        readOnlyDescriptor = csys_reopen_readonly(descriptor)
        guard readOnlyDescriptor >= 0, write(line) else {
            close(descriptor)
            if readOnlyDescriptor >= 0 { close(readOnlyDescriptor) }
            return nil
        }
    }

    deinit {
        close(readOnlyDescriptor)
        close(descriptor)
    }

    /// Replaces the line, so that psql's next `\c` reads the new one.
    ///
    /// - Returns: whether it was written whole.
    @discardableResult
    package func write(_ line: Secret) -> Bool {
        guard let padded = PasswordFile.padded(line, to: Self.size) else { return false }
        var text = padded.reveal()
        return text.withUTF8 { bytes in
            pwrite(descriptor, bytes.baseAddress, bytes.count, 0) == bytes.count
        }
    }

    /// How a program that inherits the descriptor under this number opens the file.
    package static func path(inheritedAs number: Int32) -> String {
        #if os(Linux)
        "/proc/self/fd/\(number)"
        #else
        "/dev/fd/\(number)"
        #endif
    }
}
