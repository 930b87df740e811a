import Foundation
import Synchronization
import TestSupport
import Testing

/// A profile by service: what it says stands over the service, and what nobody says is the safe choice.
@Suite(.timeLimit(.minutes(14)))
struct ServiceProfileTests {
    private let home: ProgramHome

    init() throws {
        home = try ProgramHome()
        try home.folder.write(
            "[legacy]\nhost=h.example\nport=6432\ndbname=orders\n\n[open]\nhost=h.example\nsslmode=prefer\n",
            to: ".pg_service.conf")
    }

    private func add(_ name: String, _ service: String, _ more: String...) throws {
        let added = try home.pgfob(
            ["add", "--name", name, "--auth", "service", "--service", service] + more)
        #expect(added.code == 0, "\(added.errors)")
    }

    private func conninfo(_ name: String) throws -> String { try home.pgfob("conninfo", name).output }

    @Test func `what a profile says stands over its service, also where it is the default`() throws {
        try add("said", "open", "--sslmode", "verify-full", "--database", "postgres", "--port", "5432")
        let said = "service=open port=5432 sslmode=verify-full dbname=postgres\n"
        #expect(try conninfo("said") == said)
        #expect(try home.pgfob("edit", "said", "--sslmode", "", "--port", "").code == 0)
        #expect(try conninfo("said") == "service=open dbname=postgres\n")
        #expect(
            try home.pgfob("edit", "said", "--sslmode", "verify-full", "--port", "5432").output
                == "changed said\n")
        #expect(try conninfo("said") == said)
        let again = try home.pgfob("edit", "said", "--sslmode", "verify-full")
        #expect(again.output == "nothing to change in said\n")
    }

    @Test func `where nobody says an sslmode it is verify-full, and a service's own word counts`() throws {
        try add("unsaid", "legacy")
        try add("theirs", "open")
        #expect(try conninfo("unsaid") == "service=legacy sslmode=verify-full\n")
        #expect(try conninfo("theirs") == "service=open\n")
        let listed = try home.pgfob("list", "--json", "unsaid").output
        #expect(listed.contains(#""port":null,"database":null"#) && listed.contains(#""sslmode":null"#))
    }

    @Test func `what was said and what was not comes back from every format`() throws {
        try add("said", "open", "--sslmode", "verify-full", "--database", "postgres")
        try add("unsaid", "legacy")
        let whole = try home.pgfob("export").output
        for format in ["json", "service", "uri", "psql", "pgadmin", "csv"] {
            let text = try home.pgfob("export", "--format", format).output
            let other = try ProgramHome()
            let file = try other.folder.write(text, to: "file.\(format)")
            let came = try other.pgfob("import", file, "--format", format)
            #expect(came.code == 0, "\(format): \(came.errors)")
            #expect(try other.pgfob("export").output == whole, "\(format)")
        }
    }

    @Test(arguments: [["connect"], ["test"], ["run", "-c", "select 1"], ["exec"]])
    func `no password goes to a server without TLS unless somebody has said so`(words: [String]) throws {
        let heard = Heard()
        let listener = try FaultListener([
            .read, .send(Array("N".utf8)), .read, .call { heard.note() },
        ])
        try home.folder.write(
            "[plain]\nhost=127.0.0.1\nport=\(listener.port)\nuser=jo\npassword=open-sesame\n",
            to: ".pg_service.conf")
        try add("plain", "plain")
        var arguments = [words[0], "plain"] + words.dropFirst()
        if words[0] == "exec" { arguments += ["--", "psql", "-Xc", "select 1"] }
        if words[0] == "connect" { arguments += ["--", "-Xc", "select 1"] }
        let run = try home.pgfob(arguments)
        #expect(run.code != 0 && listener.accepted > 0, "\(run)")
        #expect(!heard.something, "\(words): went on after the server had no TLS")
    }

    @Test func `env spells out a service that the profile contradicts, and unsets what another profile left`()
        throws
    {
        try add("same", "legacy")
        try add("other", "legacy", "--database", "postgres")
        let same = try home.pgfob("env", "same").output
        #expect(
            same.contains("export PGSERVICE='legacy'\n") && !same.contains("export PGDATABASE"), "\(same)")
        let left = [
            "PGHOSTADDR": "127.0.71.1", "PGUSER": "jane_doe", "PGPASSWORD": "old", "PGSSLROOTCERT": "/x",
            "PGSERVICE": "y",
        ]
        let other = try home.pgfob(["env", "other"], more: left).output
        let script =
            other
            + "printf '%s|' \"$PGHOST\" \"$PGPORT\" \"$PGDATABASE\" \"$PGSSLMODE\" "
            + "\"$PGHOSTADDR$PGUSER$PGPASSWORD$PGSSLROOTCERT$PGSERVICE\""
        let shell = try ProgramRun("/bin/sh", ["-c", script], environment: left)
        #expect(shell.output == "h.example|6432|postgres|verify-full||", "\(other)")
    }
}

/// Whether a server heard something that it should not have.
private final class Heard: Sendable {
    private let state = Mutex(false)

    func note() { state.withLock { $0 = true } }

    var something: Bool { state.withLock { $0 } }
}
