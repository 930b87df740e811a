import Profiles

/// The team's catalogue as a database holds it: one row a profile, each change counted, the old ones kept, and a
/// notification for whoever listens.
///
/// Everything stands in one schema and is named with it. What the triggers do they do with the rights of whoever made
/// the catalogue, so that a writer needs INSERT and UPDATE on one table and can forge neither versions nor history.
enum CatalogueSchema {
    /// Of the tables; a later one is refused.
    static let format = 1
    static let channel = "pgfob_catalogue"

    /// Makes all of it in one transaction.
    static let creation = """
        CREATE SCHEMA IF NOT EXISTS pgfob;
        CREATE TABLE pgfob.catalogue (
            id uuid NOT NULL DEFAULT gen_random_uuid(), format integer NOT NULL,
            made_at timestamptz NOT NULL DEFAULT now());
        INSERT INTO pgfob.catalogue (format) VALUES (\(format));
        CREATE SEQUENCE pgfob.revisions;
        CREATE TABLE pgfob.profiles (
            id uuid PRIMARY KEY,
            name text NOT NULL CHECK (name <> ''), host text NOT NULL DEFAULT '',
            port integer NOT NULL DEFAULT 5432 CHECK (port BETWEEN 1 AND 65535),
            database text NOT NULL DEFAULT 'postgres', environment text, "group" text,
            auth text NOT NULL DEFAULT 'iam', service text, region text,
            sslmode text NOT NULL DEFAULT 'verify-full', signing_host text, confirm text, read_only boolean,
            connect_timeout integer, application_name text, parameters text NOT NULL DEFAULT '',
            tags text[] NOT NULL DEFAULT '{}',
            deleted boolean NOT NULL DEFAULT false, version bigint NOT NULL DEFAULT 1,
            revision bigint NOT NULL DEFAULT 0, changed_by text NOT NULL DEFAULT session_user,
            changed_at timestamptz NOT NULL DEFAULT now());
        CREATE INDEX profiles_revision ON pgfob.profiles (revision);
        CREATE TABLE pgfob.history (
            id uuid NOT NULL, version bigint NOT NULL, profile jsonb NOT NULL, changed_by text NOT NULL,
            changed_at timestamptz NOT NULL, PRIMARY KEY (id, version));
        COMMENT ON SCHEMA pgfob IS 'the connection profiles that a team shares by pgfob';
        CREATE FUNCTION pgfob.begin_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
            SET search_path = pg_catalog, pg_temp AS $$
            BEGIN
                -- One change at a time, so that revisions become visible in their order.
                PERFORM pg_advisory_xact_lock(\(lock));
                RETURN NULL;
            END $$;
        CREATE FUNCTION pgfob.stamp() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
            SET search_path = pg_catalog, pg_temp AS $$
            BEGIN
                IF TG_OP = 'INSERT' THEN NEW.version := 1; ELSE NEW.version := OLD.version + 1; END IF;
                NEW.revision := nextval('pgfob.revisions');
                NEW.changed_by := session_user;
                NEW.changed_at := clock_timestamp();
                RETURN NEW;
            END $$;
        CREATE FUNCTION pgfob.keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
            SET search_path = pg_catalog, pg_temp AS $$
            BEGIN
                INSERT INTO pgfob.history VALUES
                    (NEW.id, NEW.version, to_jsonb(NEW), NEW.changed_by, NEW.changed_at);
                RETURN NULL;
            END $$;
        CREATE FUNCTION pgfob.bury() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
            SET search_path = pg_catalog, pg_temp AS $$
            BEGIN
                -- Others have to hear of it: the row stays, and says that it is deleted.
                UPDATE pgfob.profiles SET deleted = true WHERE id = OLD.id AND NOT deleted;
                RETURN NULL;
            END $$;
        CREATE FUNCTION pgfob.tell() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
            SET search_path = pg_catalog, pg_temp AS $$
            BEGIN
                PERFORM pg_notify('\(channel)', '');
                RETURN NULL;
            END $$;
        CREATE TRIGGER begin_change BEFORE INSERT OR UPDATE OR DELETE ON pgfob.profiles
            FOR EACH STATEMENT EXECUTE FUNCTION pgfob.begin_change();
        CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON pgfob.profiles
            FOR EACH ROW EXECUTE FUNCTION pgfob.stamp();
        CREATE TRIGGER keep AFTER INSERT OR UPDATE ON pgfob.profiles
            FOR EACH ROW EXECUTE FUNCTION pgfob.keep();
        CREATE TRIGGER bury BEFORE DELETE ON pgfob.profiles
            FOR EACH ROW EXECUTE FUNCTION pgfob.bury();
        CREATE TRIGGER tell AFTER INSERT OR UPDATE ON pgfob.profiles
            FOR EACH STATEMENT EXECUTE FUNCTION pgfob.tell()
        """

    /// "pgfobcat", for an advisory lock of the database.
    private static let lock = 0x7067_666f_6263_6174

    /// Lets a role read, or read and change.
    static func grant(to role: String, writes: Bool) -> String {
        // PUBLIC is a word of the language, not a role.
        let name =
            role.lowercased() == "public"
            ? "PUBLIC" : "\"\(role.replacing("\"", with: "\"\"").filter { $0 != "\0" })\""
        let reading = """
            GRANT USAGE ON SCHEMA pgfob TO \(name);
            GRANT SELECT ON pgfob.catalogue, pgfob.profiles, pgfob.history TO \(name)
            """
        return writes ? "\(reading);\nGRANT INSERT, UPDATE ON pgfob.profiles TO \(name)" : reading
    }

    static let isThere = """
        SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
        WHERE n.nspname = 'pgfob' AND c.relname = 'catalogue'
        """

    static let facts = """
        SELECT id, format, \
        pg_catalog.has_table_privilege('pgfob.profiles', 'INSERT') \
        AND pg_catalog.has_table_privilege('pgfob.profiles', 'UPDATE') AND NOT pg_catalog.pg_is_in_recovery(), \
        session_user, (SELECT count(*) FROM pgfob.profiles WHERE NOT deleted), \
        CASE WHEN NOT pg_catalog.pg_is_in_recovery() \
        THEN (SELECT coalesce(max(revision), 0) FROM pgfob.profiles) END FROM pgfob.catalogue
        """

    /// What changed after a revision, in order.
    static let changes = """
        SELECT id, version, revision, deleted, changed_by, extract(epoch FROM changed_at), \
        \(TeamFields.all.map(reading).joined(separator: ", ")) \
        FROM pgfob.profiles WHERE revision > $1::bigint ORDER BY revision
        """

    /// A column as ``Profile/set(_:to:)`` reads it.
    private static func reading(_ field: ProfileField) -> String {
        switch field {
        case .tags: "pg_catalog.array_to_string(tags, ', ')"
        case .readOnly: "CASE WHEN read_only THEN 'yes' WHEN NOT read_only THEN 'no' END"
        default: "\"\(field.rawValue)\""
        }
    }

    private static let columns = TeamFields.all.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    private static let sent = "pg_catalog.jsonb_populate_recordset(NULL::pgfob.profiles, $1::jsonb) AS sent"

    /// Adds rows, or brings deleted ones back; one that is there already is left alone.
    static let insertion = """
        INSERT INTO pgfob.profiles AS p (id, \(columns)) SELECT id, \(columns) FROM \(sent) \
        ON CONFLICT (id) DO UPDATE SET (\(columns), deleted) = \
        ROW(\(TeamFields.all.map { "excluded.\"\($0.rawValue)\"" }.joined(separator: ", ")), false) WHERE p.deleted \
        RETURNING id, version
        """

    /// Changes rows that are still of the version that the change was made from.
    static let update = """
        UPDATE pgfob.profiles AS p SET (\(columns), deleted) = \
        ROW(\(TeamFields.all.map { "sent.\"\($0.rawValue)\"" }.joined(separator: ", ")), false) \
        FROM \(sent) WHERE p.id = sent.id AND p.version = sent.version RETURNING p.id, p.version
        """

    /// Deletes rows that are still of the version that was last seen.
    static let deletion = """
        UPDATE pgfob.profiles AS p SET deleted = true FROM \(sent) \
        WHERE p.id = sent.id AND p.version = sent.version RETURNING p.id, p.version
        """
}
