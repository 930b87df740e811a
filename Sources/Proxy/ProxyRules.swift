import Secrets

/// What a proxy lets through, and what it adds.
package struct ProxyRules: Sendable {
    /// The database user that it logs in as; a client that wants to be another is refused.
    package var user: String
    /// Settings that every session starts with, over what the client asks for, such as the read-only guard.
    package var settings: [(name: String, value: String)]
    /// What is run before the client gets the session, where the endpoint takes no settings at the start.
    package var statements: [String]
    /// libpq's `options` of the profile; a client's own come after them.
    package var options: String?
    /// The database of clients that name none; nil leaves it to the server, which takes the user's name.
    package var database: String?
    /// What the server shows of clients that give themselves no name.
    package var applicationName: String
    /// Why no client may have a replication connection, to which the read-only guard says nothing; nil where it may.
    package var againstReplication: String?
    /// The password that clients have to give; nil where the system tells who they are.
    package var password: Secret?

    package init(user: String, applicationName: String) {
        (self.user, self.applicationName) = (user, applicationName)
        (settings, statements) = ([], [])
    }

    /// What the server is told for a client.
    func forwarded(_ parameters: [StartupPacket.Parameter]) -> [StartupPacket.Parameter] {
        let own = Set(settings.map(\.name) + ["user"])
        var forwarded = [StartupPacket.Parameter(name: "user", value: user)]
        forwarded += parameters.filter { !own.contains($0.name.lowercased()) }
        if let database, !forwarded.contains(where: { $0.name == "database" && !$0.value.isEmpty }) {
            forwarded.removeAll { $0.name == "database" }
            forwarded.append(.init(name: "database", value: database))
        }
        if let options {
            if let at = forwarded.firstIndex(where: { $0.name == "options" }) {
                forwarded[at].value = "\(options) \(forwarded[at].value)"
            } else {
                forwarded.append(.init(name: "options", value: options))
            }
        }
        if !forwarded.contains(where: { $0.name == "application_name" && !$0.value.isEmpty }) {
            forwarded.append(.init(name: "application_name", value: applicationName))
        }
        // After the options, so that they stand over them (PostgreSQL applies them in that order).
        return forwarded + settings.map { .init(name: $0.name, value: $0.value) }
    }
}
