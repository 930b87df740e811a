/// What pgfob knows of libpq's keywords (PostgreSQL documentation, "Parameter Key Words").
package enum Parameters {
    /// Keywords that carry a secret or point at one: refused everywhere (design/decisions.md).
    package static let secret: Set<String> = [
        "password", "passfile", "sslpassword", "sslkeylogfile", "scram_client_key", "scram_server_key",
        "oauth_client_secret",
    ]

    /// Keywords that are fields of a profile.
    package static let fields: [String: ProfileField] = [
        "host": .host, "port": .port, "dbname": .database, "user": .user, "sslmode": .sslmode,
        "sslrootcert": .sslrootcert, "hostaddr": .dial, "connect_timeout": .connectTimeout,
        "application_name": .applicationName, "service": .service,
    ]
}
