import CLibpq

/// libpq itself, opened on first use.
package enum Libpq {
    /// Binds libpq. Cheap after the first time, and safe from any thread.
    ///
    /// Takes the PG* variables out of this process's environment (CLibpq's header says which and why).
    ///
    /// - Throws: ``LibpqFailure`` where it is not installed or too old.
    package static func load() throws(LibpqFailure) {
        if let problem = clibpq_load() { throw LibpqFailure(reason: ServerText.visible(problem)) }
    }

    /// What it takes where nobody says anything. Libpq is loaded.
    ///
    /// The corresponding C function is `PQconndefaults`.
    static var defaults: [(String, String)] {
        guard let options = clibpq_PQconndefaults() else { return [] }
        defer { clibpq_PQconninfoFree(options) }
        return Array(LibpqOptions(options))
    }

    /// Its version as a number, 150018 for 15.18; 0 where it cannot be loaded.
    ///
    /// The corresponding C function is `PQlibVersion`.
    package static var version: Int {
        clibpq_load() == nil ? Int(clibpq_PQlibVersion()) : 0
    }
}
