/// A connection as environment variables, for programs that take no connection string.
package enum LibpqEnvironment {
    /// Keywords and their variables (PostgreSQL documentation, "Environment Variables" of libpq).
    private static let names = [
        "service": "PGSERVICE", "host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT",
        "user": "PGUSER",
        "dbname": "PGDATABASE", "passfile": "PGPASSFILE", "sslmode": "PGSSLMODE",
        "sslrootcert": "PGSSLROOTCERT",
        "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY", "sslcertmode": "PGSSLCERTMODE", "sslcrl": "PGSSLCRL",
        "sslcrldir": "PGSSLCRLDIR", "sslsni": "PGSSLSNI", "sslnegotiation": "PGSSLNEGOTIATION",
        "sslcompression": "PGSSLCOMPRESSION", "ssl_min_protocol_version": "PGSSLMINPROTOCOLVERSION",
        "ssl_max_protocol_version": "PGSSLMAXPROTOCOLVERSION", "connect_timeout": "PGCONNECT_TIMEOUT",
        "application_name": "PGAPPNAME", "options": "PGOPTIONS", "client_encoding": "PGCLIENTENCODING",
        "channel_binding": "PGCHANNELBINDING", "require_auth": "PGREQUIREAUTH",
        "requirepeer": "PGREQUIREPEER",
        "gssencmode": "PGGSSENCMODE", "krbsrvname": "PGKRBSRVNAME", "gsslib": "PGGSSLIB",
        "gssdelegation": "PGGSSDELEGATION", "target_session_attrs": "PGTARGETSESSIONATTRS",
        "load_balance_hosts": "PGLOADBALANCEHOSTS", "min_protocol_version": "PGMINPROTOCOLVERSION",
        "max_protocol_version": "PGMAXPROTOCOLVERSION",
    ]

    private static let keywords = Dictionary(uniqueKeysWithValues: names.map { ($1, $0) })

    /// The keyword that a variable stands for, the password's among them; nil where it is none of libpq's.
    static func keyword(of variable: String) -> String? {
        variable == "PGPASSWORD" ? "password" : keywords[variable]
    }

    /// What is to be known of a program that goes by variables of these names and is not built on libpq; nil where
    /// nothing is.
    ///
    /// Go's lib/pq, which usql is built on, ended with a panic where it found PGHOSTADDR, before its release of 1.11.
    ///
    /// - Parameters:
    ///   - program: its name, without a path.
    ///   - profile: the profile's name, for the way out.
    package static func warning(
        for program: String, _ variables: [String: String], profile: String
    ) -> String? {
        guard program == "usql", variables["PGHOSTADDR"] != nil else { return nil }
        return "usql is not built on libpq and may refuse PGHOSTADDR, which leads to this database: "
            + "`pgfob proxy \(profile)` lets it in"
    }

    /// PostgreSQL's own programs that ask for a password, which they read from their input where there is no terminal
    /// (PostgreSQL, sprompt.c).
    private static let asking: Set<String> = [
        "clusterdb", "createdb", "createuser", "dropdb", "dropuser", "oid2name", "pg_amcheck",
        "pg_basebackup", "pg_dump", "pg_dumpall", "pg_receivewal", "pg_recvlogical", "pg_restore", "pgbench",
        "psql", "reindexdb", "vacuumdb", "vacuumlo",
    ]

    /// Whether a program would take the first line of its input for a password.
    ///
    /// - Parameter program: its name, without a path.
    package static func asksForPassword(_ program: String) -> Bool { asking.contains(program) }

    /// The variables, and the keywords that have none.
    package static func variables(for conninfo: Conninfo) -> (variables: [String: String], left: [String]) {
        var variables: [String: String] = [:]
        var left: [String] = []
        for setting in conninfo.settings {
            if let name = names[setting.keyword] {
                variables[name] = setting.value
            } else {
                left.append(setting.keyword)
            }
        }
        return (variables, left)
    }
}
