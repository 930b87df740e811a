/// The shapes of what `--json` prints, in one place: `pgfob help json`, the manual page and the tests read them here.
///
/// A shape is written as JSON with the kinds of values in their places: `text`, `integer`, `number`, `bool`, `time`
/// (RFC 3339 in UTC), `[X]` for any number of X, `X|Y` for either, `{...}` for an object of any members. Names in
/// capitals stand for a shape of their own.
enum JSONShapes {
    struct Shape: Sendable {
        /// The subcommand, or the name by which others refer to it.
        var name: String
        /// When such a line comes; nil where every line is one.
        var occasion: String?
        var text: String

        init(_ name: String, _ text: String) {
            self.name = name
            self.text = text
        }

        init(_ name: String, _ occasion: String, _ text: String) {
            self.name = name
            self.occasion = occasion
            self.text = text
        }
    }

    /// Members may be added to a shape; none goes, and none changes its meaning.
    static let all: [Shape] = [
        Shape(
            "PROFILE",
            #"{"name":text,"group":text|null,"environment":text|null,"tags":[text],"notes":text,"pinned":bool,"host":text,"port":integer|null,"database":text|null,"user":text|null,"auth":"iam"|"password"|"pgpass"|"service"|"none","service":text|null,"aws_profile":text|null,"region":text|null,"dial":text|null,"signing_host":text|null,"sslmode":text|null,"sslrootcert":text|null,"connect_timeout":integer|null,"application_name":text|null,"read_only":bool|null,"confirm":"none"|"key"|"name"|null,"parameters":{...},"tunnel":text|null}"#
        ),
        Shape(
            "AWS",
            #"{"account":text,"region":text,"cluster":text|null,"resource_id":text,"engine":text,"iam":bool|null,"tags":{...}}"#
        ),
        Shape(
            "FIELD", "a field that differs", #"{"field":text,"here":text,"there":text}"#),
        Shape(
            "test",
            #"{"profile":text,"outcome":"ok"|"failed"|"cancelled","failed_stage":text|null,"duration_ms":number,"stages":[{"name":text,"outcome":"ok"|"failed"|"skipped","duration_ms":number|null,"detail":text}],"cause":CAUSE|null,"causes":[CAUSE],"ruled_out":[text],"sqlstate":text|null,"message":text|null,"server":{"version":text,"aurora_version":text|null,"role":"writer"|"reader","current_user":text,"read_only":bool,"clock_skew_ms":number|null,"round_trip_ms":number|null,"rds_iam":bool|null,"instance":text|null,"cluster":[{"name":text,"role":"writer"|"reader","lag_ms":number|null}]}|null,"at":time}"#
        ),
        Shape("CAUSE", #"{"code":text,"text":text,"fix":text,"check":text,"key_fix":text|null}"#),
        Shape("export", "--format json", "PROFILE"),
        Shape(
            "list", "PROFILE's members, and these",
            #"{"id":text,"last_test":{"at":time,"outcome":text,"cause":text|null}|null,"last_used_at":time|null,"times_used":integer,"created_at":time,"updated_at":time,"aws":AWS|null}"#
        ),
        Shape(
            "import", "a profile of the file",
            #"{"kind":"new"|"changed"|"duplicate"|"gone","place":text,"profile":PROFILE,"existing":text|null,"approve":[{"name":text,"value":text}],"approved":bool,"notes":[text],"aws":AWS|null}"#
        ),
        Shape(
            "import", "what could not come in, and what was left out of all",
            #"{"kind":"problem"|"note","text":text}"#),
        Shape("import", "--undo", #"{"undone":text,"trashed":integer}"#),
        Shape("discover", "as import", "import"),
        Shape(
            "conninfo",
            #"{"profile":text,"keyword":text,"uri":text,"psql":text,"settings":{...}}"#),
        Shape(
            "whoami",
            #"{"profile":text|null,"provider":text|null,"account":text|null,"arn":text|null,"user_id":text|null,"expires_at":time|null,"session":{"kind":text,"name":text|null,"ends_at":time|null}|null,"clock_skew_ms":number|null,"reasons":[text],"cause":{"code":text|null,"text":text,"fix":text}|null}"#
        ),
        Shape(
            "credentials", "--format json, the one that holds secrets",
            #"{"profile":text|null,"provider":text,"account":text|null,"access_key_id":text,"secret_access_key":text,"session_token":text|null,"expires_at":time|null}"#
        ),
        Shape(
            "policy",
            #"{"profile":text,"action":text,"resource":text,"policy":text,"sql":[text],"unknown":[text],"notes":[text]}"#
        ),
        Shape(
            "history",
            #"{"profile":text|null,"kind":"test"|"session"|"run"|"proxy","at":time,"outcome":text,"failed_stage":text|null,"cause":text|null,"duration_ms":number|null,"role":"writer"|"reader"|null,"server_version":text|null,"detail":{...}|null}"#
        ),
        Shape(
            "run", "--format json, a row", #"{"profile":text,"result":integer,"row":{...}}"#),
        Shape(
            "run", "--format json, the end of a profile",
            #"{"profile":text,"outcome":"ok"|"failed"|"cancelled","rows":integer,"command":text|null,"duration_ms":number,"sqlstate":text|null,"message":text|null}"#
        ),
        Shape(
            "ca", "status",
            #"{"path":text,"written_at":time|null,"profiles":[text],"warnings":[text],"roots":[{"name":text,"not_after":time,"days_left":integer,"retired":bool}]}"#
        ),
        Shape(
            "doctor",
            #"{"check":text,"outcome":"ok"|"warning"|"error","detail":text,"fix":text|null}"#),
        Shape("catalogue", "init", #"{"catalogue":text,"made":bool,"profiles":integer}"#),
        Shape(
            "catalogue", "status, first",
            #"{"through":text,"pulled_at":time|null,"reached":bool,"writable":bool|null,"user":text|null,"profiles":integer|null,"shared":integer,"unshared":integer,"problems":[text]}"#
        ),
        Shape(
            "catalogue", "status, what either side has changed",
            #"{"profile":text,"state":"new-there"|"changed-there"|"gone-there"|"changed-here"|"deleted-here","fields":[FIELD]}"#
        ),
        Shape(
            "catalogue", "status, push and pull, what both have changed",
            #"{"profile":text,"state":"conflict","deleted":"here"|"there"|null,"fields":[{"field":text,"was":text|null,"here":text,"there":text}],"by":text,"at":time}"#
        ),
        Shape("catalogue", "push", #"{"profile":text,"sent":"added"|"changed"|"deleted"}"#),
        Shape("catalogue", "pull and push, what was taken over", "import"),
    ]

    /// For people and for the tests: a line that says what it is, then the shape.
    static var text: String {
        """
        What --json prints: one object a line, with the kinds of values in their places (time is RFC 3339 in UTC, what \
        ends in _ms is milliseconds). Members may be added; none goes, and none changes its meaning.

        """ + "\n"
            + all.map { "\($0.name)\($0.occasion.map { " (\($0))" } ?? ""):\n    \($0.text)\n" }.joined()
    }
}
