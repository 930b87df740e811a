import GRDB
import Profiles

/// The migrations of the store: named, only ever added to.
enum StoreSchema {
    /// "pgfo": tells a pgfob store from another program's database (SQLite documentation, "application_id").
    static let applicationID = 0x7067_666f

    /// The migrations of this version, in order.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 profiles") { db in
            try db.execute(
                sql: """
                    CREATE TABLE profiles (
                        id TEXT PRIMARY KEY NOT NULL,
                        name TEXT NOT NULL,
                        folded_name TEXT NOT NULL,
                        group_name TEXT,
                        environment TEXT,
                        tags TEXT NOT NULL,
                        notes TEXT NOT NULL,
                        pinned BOOLEAN NOT NULL,
                        host TEXT NOT NULL,
                        port INTEGER NOT NULL,
                        database_name TEXT NOT NULL,
                        user_name TEXT,
                        auth TEXT NOT NULL,
                        service TEXT,
                        aws_profile TEXT,
                        region TEXT,
                        dial TEXT,
                        signing_host TEXT,
                        sslmode TEXT NOT NULL,
                        sslrootcert TEXT,
                        connect_timeout INTEGER,
                        application_name TEXT,
                        read_only BOOLEAN,
                        confirm TEXT,
                        parameters TEXT NOT NULL,
                        created_at REAL NOT NULL,
                        updated_at REAL NOT NULL,
                        last_used_at REAL,
                        times_used INTEGER NOT NULL DEFAULT 0,
                        last_session_seconds REAL,
                        deleted_at REAL,
                        test_outcome TEXT,
                        test_stage TEXT,
                        test_cause TEXT,
                        test_ms REAL,
                        tested_at REAL,
                        test_role TEXT,
                        test_version TEXT
                    );
                    CREATE UNIQUE INDEX profiles_live_name ON profiles (folded_name) WHERE deleted_at IS NULL;
                    """)
        }
        migrator.registerMigration("2 first page") { db in
            // In the order of the list, so that its first page is read without the rest.
            try db.execute(
                sql: """
                    CREATE INDEX profiles_shown ON profiles (
                        CASE environment WHEN 'prod' THEN 0 WHEN 'stage' THEN 1 WHEN 'dev' THEN 2
                            WHEN 'local' THEN 3 ELSE 4 + (environment IS NULL) END,
                        pinned DESC, coalesce(last_used_at, -1e300) DESC, folded_name
                    ) WHERE deleted_at IS NULL;
                    CREATE INDEX profiles_environment ON profiles (environment) WHERE deleted_at IS NULL;
                    """)
        }
        migrator.registerMigration("3 intake") { db in
            // What AWS says of the endpoints of profiles, and what came in together.
            try db.execute(
                sql: """
                    CREATE TABLE origins (
                        profile_id TEXT PRIMARY KEY NOT NULL,
                        key TEXT NOT NULL,
                        account TEXT NOT NULL,
                        region TEXT NOT NULL,
                        cluster TEXT,
                        resource_id TEXT NOT NULL,
                        engine TEXT NOT NULL,
                        iam BOOLEAN,
                        tags TEXT NOT NULL,
                        written TEXT NOT NULL,
                        seen_at REAL NOT NULL
                    );
                    CREATE TABLE intakes (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        source TEXT NOT NULL,
                        made_at REAL NOT NULL,
                        profile_ids TEXT NOT NULL
                    );
                    """)
        }
        migrator.registerMigration("4 session choices") { db in
            try db.execute(
                sql: """
                    CREATE TABLE session_choices (
                        profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
                        field TEXT NOT NULL,
                        value TEXT NOT NULL,
                        PRIMARY KEY (profile_id, field)
                    ) WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("5 tunnels") { db in
            try db.execute(sql: "ALTER TABLE profiles ADD COLUMN tunnel TEXT")
        }
        migrator.registerMigration("6 history") { db in
            // What happened to a profile, of any kind; kinds to come put what is theirs alone into `detail`, as JSON.
            try db.execute(
                sql: """
                    CREATE TABLE history (
                        id INTEGER PRIMARY KEY NOT NULL,
                        profile_id TEXT NOT NULL,
                        kind TEXT NOT NULL,
                        at REAL NOT NULL,
                        outcome TEXT NOT NULL,
                        stage TEXT,
                        cause TEXT,
                        ms REAL,
                        role TEXT,
                        version TEXT,
                        detail TEXT
                    );
                    CREATE INDEX history_of_profile ON history (profile_id, kind, id);
                    """)
        }
        migrator.registerMigration("7 catalogue") { db in
            // The team's catalogue that the store takes part in, and what of it each side agreed on last.
            try db.execute(
                sql: """
                    CREATE TABLE catalogues (
                        id TEXT PRIMARY KEY NOT NULL,
                        through TEXT NOT NULL,
                        revision INTEGER NOT NULL,
                        pulled_at REAL NOT NULL
                    );
                    CREATE TABLE catalogue_links (
                        row_id TEXT PRIMARY KEY NOT NULL,
                        profile_id TEXT NOT NULL UNIQUE,
                        version INTEGER NOT NULL,
                        base TEXT NOT NULL,
                        own TEXT NOT NULL,
                        conflicts TEXT NOT NULL,
                        deletion TEXT,
                        changed_by TEXT NOT NULL,
                        changed_at REAL NOT NULL
                    );
                    """)
        }
        migrator.registerMigration("8 open sessions") { db in
            // A start looks for them among all that ever happened.
            try db.execute(sql: "CREATE INDEX history_open ON history (id) WHERE outcome = 'open'")
        }
        migrator.registerMigration("9 history names") { db in
            // What the profile was called then: it may be called otherwise by now, or be gone.
            try db.execute(
                sql: """
                    ALTER TABLE history ADD COLUMN name TEXT;
                    UPDATE history SET name = (SELECT name FROM profiles WHERE id = profile_id);
                    """)
        }
        migrator.registerMigration("10 own defaults") { db in
            // What a profile by service was told although it is the default.
            try db.execute(sql: "ALTER TABLE profiles ADD COLUMN own_defaults TEXT")
        }
        migrator.registerMigration("11 canonical names") { db in
            // Names of one look had keys of their own where they were composed otherwise: both profiles stay, the later
            // one under another name.
            let rows = try Row.fetchAll(
                db,
                sql: "SELECT id, name, folded_name, deleted_at IS NULL FROM profiles ORDER BY created_at, id")
            for row in rows {
                let (id, name, key): (String, String, String) = (row[0], row[1], row[2])
                // Byte by byte, as SQLite compares: Swift takes the two for equal.
                guard !Profile.fold(name).utf8.elementsEqual(key.utf8) else { continue }
                let isLive: Bool = row[3]
                let free = isLive ? try ProfileStore.freeName(name, db, except: id) : name
                try db.execute(
                    sql: "UPDATE profiles SET name = ?, folded_name = ? WHERE id = ?",
                    arguments: [free, Profile.fold(free), id])
            }
        }
        migrator.registerMigration("12 last reports") { db in
            // What the last test of a profile found, stage by stage: beside the profiles, which are read at every start.
            try db.execute(
                sql: """
                    CREATE TABLE last_reports (
                        profile_id TEXT PRIMARY KEY NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
                        at REAL NOT NULL,
                        report TEXT NOT NULL
                    );
                    """)
        }
        return migrator
    }
}
