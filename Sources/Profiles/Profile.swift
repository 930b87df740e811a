#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A saved way to reach one database endpoint as one user: what a DBA types once and then picks from a list.
///
/// Identity is ``id``; ``name`` is a label that may change. No field holds a secret.
package struct Profile: Sendable, Hashable, Identifiable {
    /// The port that Aurora PostgreSQL listens on unless it was told otherwise.
    package static let defaultPort = 5432
    /// The database that every PostgreSQL server has.
    package static let defaultDatabase = "postgres"

    /// Identity: survives a change of name.
    package var id: UUID
    /// The label, unique among live profiles by ``foldedName``.
    package var name: String
    /// A group of the user's own, such as a team or a product.
    package var group: String?
    /// Production, stage and so on; decides confirmation and the read-only default.
    package var environment: Environment?
    /// Free words to filter by, in the user's order, without duplicates.
    package var tags: [String]
    /// Free text of any number of lines.
    package var notes: String
    /// Whether it stands before the others of its group.
    package var pinned: Bool
    /// The endpoint's host name, as typed; empty only where a service names the host.
    package var host: String
    /// The endpoint's port, 1 to 65535.
    package var port: Int
    /// The database to open.
    package var database: String
    /// The database user; libpq's own default where absent.
    package var user: String?
    /// How the login proves who it is.
    package var auth: Authentication {
        didSet { if auth != .service { ownDefaults = [] } }
    }
    /// A section of `pg_service.conf`, for ``Authentication/service``.
    package var service: String?
    /// The AWS profile whose credentials sign; the default chain where absent.
    package var awsProfile: String?
    /// The database's region, where the host name does not tell it.
    package var region: Region?
    /// What connections go through, as ``TunnelDefinition`` reads it; nothing where absent.
    package var tunnel: String?
    /// Where to dial instead of the endpoint: a name or an address, `[v6]:port` allowed. With a tunnel it is the
    /// tunnel's far end that dials.
    package var dial: String?
    /// `host[:port]` that the token is signed for, where that is not the host.
    package var signingHost: String?
    /// How far the server's certificate is checked.
    package var sslmode: SSLMode
    /// A file of root certificates; the RDS bundle that pgfob keeps where absent.
    package var sslrootcert: String?
    /// Seconds that a connection attempt may take; libpq's own default where absent.
    package var connectTimeout: Int?
    /// What `pg_stat_activity` shows; `pgfob/NAME` where absent.
    package var applicationName: String?
    /// Whether sessions start read-only; the environment's policy where absent.
    package var readOnly: Bool?
    /// What is asked before psql opens; the environment's policy where absent.
    package var confirm: ConfirmPolicy?
    /// Further libpq keywords by name.
    package var parameters: [String: String]
    /// Those of port, database and sslmode that a profile by service was told although the value is the default: they
    /// stand over the service's. See ``says(_:)``.
    package var ownDefaults: Set<ProfileField>

    /// A profile with only a name and a host, everything else at its default.
    package init(id: UUID = UUID(), name: String = "", host: String = "") {
        self.id = id
        self.name = name
        self.host = host
        tags = []
        notes = ""
        pinned = false
        port = Self.defaultPort
        database = Self.defaultDatabase
        auth = .iam
        sslmode = .verifyFull
        parameters = [:]
        ownDefaults = []
    }

    /// The name as uniqueness compares it: without regard to case, over all of Unicode.
    package var foldedName: String { Self.fold(name) }

    /// Folds a name for comparison: two names that look alike have one key, byte by byte, as SQLite compares it
    /// (Unicode Standard 3.13, "canonical caseless match").
    package static func fold(_ name: String) -> String {
        // Plain ASCII needs none of that, and thousands of names are folded for a filter.
        guard !name.utf8.allSatisfy({ $0 < 0x80 }) else { return name.lowercased() }
        // lowercased() through uppercased() folds pairs such as ß and SS that lower-casing alone leaves apart.
        return CanonicalForm.composed(CanonicalForm.composed(name).uppercased().lowercased())
    }

    /// Whether the session starts read-only: the profile's word, else the environment's.
    package var startsReadOnly: Bool { readOnly ?? environment?.startsReadOnly ?? false }

    /// What is asked before psql opens: the profile's word, else the environment's.
    package var confirmation: ConfirmPolicy { confirm ?? environment?.confirmation ?? .none }

    /// The same for a session that can write: on production that takes the name, whatever the profile says.
    package func confirmation(writes: Bool) -> ConfirmPolicy {
        writes && environment == .prod ? .name : confirmation
    }
}
