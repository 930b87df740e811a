#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Profiles
import Secrets

/// What a section of `pg_service.conf` stands for, as libpq itself reads it.
package enum ServiceSettings {
    enum Outcome {
        case completed(Conninfo)
        /// No such service, no such file, or a mistake in it.
        case refused(String)
    }

    /// What a service says beyond a conninfo.
    package struct Contents: Sendable {
        /// No secret is among them.
        package var settings = Conninfo()
        package var password: Secret?
    }

    /// The conninfo with what the service and libpq's defaults add to it.
    ///
    /// The wanted kind of server stays behind where the service names several, among which libpq would look for it: pgfob
    /// dials the first.
    static func complete(_ conninfo: Conninfo, service: String) -> Outcome {
        switch lookUp(conninfo, stopper: "target_session_attrs") {
        case .refused(let text): return .refused(text)
        case .found(let found):
            var completed = conninfo
            for (keyword, value) in found where completed[keyword] == nil && !value.isEmpty {
                completed[keyword] = value
            }
            if let wanted = wantedServer(conninfo),
                !["host", "hostaddr"].contains(where: { completed[$0]?.contains(",") == true })
            {
                let isGuarded = completed["options"]?.contains(ServerSetting.readOnly.startupOption) == true
                completed[Self.wantedKind] = isGuarded ? Profile.guarded(Self.wantedKind, wanted) : wanted
            }
            return .completed(completed)
        }
    }

    /// What the service that a conninfo names adds to it, libpq's own defaults left out.
    ///
    /// - Throws: ``ConninfoProblem`` with libpq's complaint, or where libpq is missing.
    package static func contents(beyond conninfo: Conninfo) throws(ConninfoProblem) -> Contents {
        do throws(LibpqFailure) { try Libpq.load() } catch { throw ConninfoProblem(message: error.message) }
        let usual = Dictionary(Libpq.defaults, uniquingKeysWith: { $1 })
        var contents = Contents()
        // A stopper hides what the service says of its own keyword, which the other one shows.
        for stopper in ["target_session_attrs", "gssencmode"] {
            switch lookUp(conninfo, stopper: stopper) {
            case .refused(let text): throw ConninfoProblem(message: text)
            case .found(let found):
                for (keyword, value) in found where conninfo[keyword] == nil && !value.isEmpty {
                    if keyword == "password" {
                        contents.password = Secret(value)
                    } else if usual[keyword] != value,
                        keyword == "passfile" || !Parameters.secret.contains(keyword)
                    {
                        contents.settings[keyword] = value
                    }
                }
            }
        }
        return contents
    }

    /// The kind of server that a conninfo and its service ask for; nil for any.
    private static func wantedServer(_ conninfo: Conninfo) -> String? {
        let keyword = wantedKind
        guard conninfo[keyword] == nil, case .found(let found) = lookUp(conninfo, stopper: "gssencmode")
        else {
            return conninfo[keyword]
        }
        return found.first { $0.0 == keyword && !$0.1.isEmpty && $0.1 != "any" }?.1
    }

    private static let wantedKind = "target_session_attrs"

    /// Where libpq looked for a service that it did not find (libpq documentation, "The Connection Service File").
    private static func places(of message: String) -> String {
        guard message.contains("definition of service"), message.hasSuffix("not found") else { return "" }
        func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
        let own = variable("PGSERVICEFILE") ?? "~/.pg_service.conf"
        let system =
            variable("PGSYSCONFDIR").map { "\($0)/pg_service.conf" } ?? "the system's pg_service.conf"
        return " in \(own) or \(system)"
    }

    private enum Found {
        case found([(String, String)])
        case refused(String)
    }

    /// libpq has no call that only looks a service up. A value that it refuses makes it stop after that and before
    /// it resolves or dials anything; its settings are then complete, but for the one that stops it.
    private static func lookUp(_ conninfo: Conninfo, stopper: String) -> Found {
        let value = "pgfob-looks-up-a-service"
        var asked = conninfo.settings.filter { $0.keyword != stopper }
            .map { (keyword: $0.keyword, value: $0.value) }
        asked.append((stopper, value))
        guard let connection = LibpqConnection(asked, password: nil) else {
            return .refused("libpq found no memory for a connection")
        }
        let message = connection.message.text
        guard message.contains(value) else { return .refused(message + places(of: message)) }
        return .found(connection.completedSettings.filter { $0.0 != stopper })
    }
}
