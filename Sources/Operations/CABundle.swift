#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Profiles

/// Which file of root certificates a profile's connections are checked against.
package struct CABundle: Sendable {
    /// The bundle that AWS publishes for all commercial regions (RDS User Guide, "Using SSL/TLS").
    package static let address = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"

    private let folder: String

    /// - Parameter folder: where pgfob keeps the RDS bundle.
    package init(folder: String) {
        self.folder = folder
    }

    /// The bundle that pgfob keeps.
    package var path: String { "\(folder)/global-bundle.pem" }

    /// The profile's own file, else the RDS bundle for a name that AWS serves; nil leaves it to libpq.
    package func file(for profile: Profile) -> String? {
        if let own = profile.sslrootcert { return own }
        guard profile.sslmode >= .verifyCA, HostName(profile.host).isSignable || profile.auth == .iam else {
            return nil
        }
        return path
    }

    /// Refuses before a connection where the file is not there: libpq would only say so after a token was made.
    ///
    /// - Throws: ``Refusal`` with cause `ca-missing`.
    package func check(for profile: Profile) throws(Refusal) {
        guard profile.sslmode >= .verifyCA, let file = file(for: profile), file != "system" else { return }
        guard access(file, R_OK) != 0 else { return }
        let fetch = "download \(Self.address) to \(path)"
        throw Refusal(
            .failed, "the CA bundle \(file) cannot be read",
            do: profile.sslrootcert == nil ? fetch : "correct sslrootcert, or clear it and \(fetch)",
            cause: errno == ENOENT ? .caMissing : .caUnreadable)
    }
}
