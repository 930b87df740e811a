/// libpq cannot be used at all.
package struct LibpqFailure: Error, Sendable, Hashable {
    /// What the dynamic linker said.
    package var reason: String

    /// One line: what failed and what to install.
    package var message: String {
        "PostgreSQL's client library cannot be loaded (\(reason)): \(Self.remedy)"
    }

    /// The package of Debian and Ubuntu, and where else it comes from.
    package static let remedy = "install libpq5 (apt-get install libpq5), on macOS libpq (brew install libpq)"
}
