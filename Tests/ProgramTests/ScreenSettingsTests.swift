#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// The settings on the real screen: read at the start, and again whenever they are saved.
@Suite(.timeLimit(.minutes(14)))
struct ScreenSettingsTests {
    private let home: ProgramHome
    private static let config = ".config/pgfob/config.toml"

    init() throws {
        home = try ProgramHome()
        for (name, host) in [
            ("orders", "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com"),
            ("orders-ro", "orders.cluster-ro-c1x9.eu-west-1.rds.amazonaws.com"),
            ("local", "127.0.0.1"),
        ] {
            let added = try home.pgfob(
                "add", "--name", name, "--host", host, "--user", "jo", "--auth", "pgpass")
            #expect(added.code == 0, "\(added.errors)")
        }
    }

    @Test func `grouping, order, keys and rules come from the file`() throws {
        try home.folder.write(
            """
            group_by = "cluster"
            sort = "name"
            sort_reversed = true
            [keys.list]
            test = "F5"
            [[environment_rules]]
            environment = "prod"
            host = "rds[.]amazonaws[.]com$"
            """, to: Self.config)
        let terminal = try home.screen()
        try terminal.waitFor("by:cluster  sort:name ^")
        #expect(terminal.screen.contains("[-] orders  c1x9 eu-west-1  2 profiles"))
        #expect(
            terminal.screen.row(with: "orders-ro").map { terminal.screen.lines[$0].contains("PROD") } == true)
        #expect(terminal.screen.contains("F5 test"))
        // The command line takes the rule as it is: production asks, and starts read-only.
        let refused = try home.pgfob("connect", "orders", "--", "-c", "select 1")
        #expect(refused.code == 2 && refused.errors.contains("orders [PROD] asks before it opens"))
        #expect(try home.pgfob("conninfo", "orders").output.contains("default_transaction_read_only=on"))
        #expect(try home.pgfob("list").output.contains("PROD"))
        #expect(try home.pgfob("list", "--json", "orders").output.contains("\"environment\":null"))
    }

    @Test func `a file that is saved is taken over at once, and what is wrong in it is told with its line`()
        throws
    {
        try home.folder.write("", to: Self.config)
        let terminal = try home.screen(columns: 150)
        try terminal.waitFor("by:env")
        try home.folder.write("group_by = \"none\"\n", to: Self.config)
        try terminal.waitFor("by:none")
        try home.folder.write("theme = \"dark\"\ngroup_by = \"nome\"\n", to: Self.config)
        try terminal.waitFor("config.toml:2: group_by is no \"nome\": did you mean none?")
        try home.folder.write("group_by = \"aws\"\n[keys.list]\npin = \"z\"\n", to: Self.config)
        try terminal.waitFor("by:aws")
        try terminal.waitFor("config.toml:3: z was the key of fold in list, which has none now")
    }

    @Test func `a theme is seen while it is chosen, and written by Enter`() throws {
        let terminal = try home.screen(more: ["COLORTERM": "truecolor"])
        try terminal.waitFor("orders")
        func header() -> VirtualStyle { terminal.screen.cells[0][1].style }
        let before = header()
        try terminal.send(":theme\r")
        try terminal.waitFor("Themes")
        for name in ["colour-blind", "high-contrast"] { try terminal.waitFor(name) }
        for _ in 0..<2 { try terminal.press(.down) }
        try terminal.waitUntil("the screen wears it") {
            $0.cells[0][1].style != before && $0.contains("> dark")
        }
        try terminal.press(.escape)
        try terminal.waitUntil("the old one is back") {
            $0.cells[0][1].style == before && !$0.contains("Themes")
        }
        #expect(home.folder.read(Self.config) == nil)
        try terminal.send(":theme dark\r")
        try terminal.waitFor("theme dark, written to")
        #expect(home.folder.read(Self.config) == "theme = \"dark\"\n")
        try terminal.waitUntil("the screen wears it") { $0.cells[0][1].style != before }
    }

    @Test func `a theme that is saved is worn anew, and a broken one is told and falls back`() throws {
        try home.folder.write("theme = \"mine\"\n", to: Self.config)
        try home.folder.write("[header]\nbold = true\n", to: ".config/pgfob/themes/mine.toml")
        let terminal = try home.screen(columns: 150)
        try terminal.waitFor("orders")
        let before = terminal.screen.cells[0][1].style
        try home.folder.write("[header]\nunderline = true\n", to: ".config/pgfob/themes/mine.toml")
        try terminal.waitUntil("it is worn anew") { $0.cells[0][1].style != before }
        try home.folder.write("[header]\n\nbolt = true\n", to: ".config/pgfob/themes/mine.toml")
        try terminal.waitFor("mine.toml:3: header.bolt is unknown: did you mean bold?")
    }

    @Test func `the mouse is taken only where the settings say so, and given back around other programs`()
        throws
    {
        let without = try home.screen()
        try without.waitFor("orders")
        #expect(!without.screen.modes.contains(1000))
        try home.folder.write("mouse = true\n", to: Self.config)
        let terminal = try home.screen(more: ["EDITOR": "/bin/true"])
        try terminal.waitFor("orders-ro")
        #expect(terminal.screen.modes.contains(1000) && terminal.screen.modes.contains(1006))
        let row = try #require(terminal.screen.row(with: "orders-ro"))
        try terminal.send("\u{1b}[<0;6;\(row + 1)M\u{1b}[<0;6;\(row + 1)m")
        try terminal.waitUntil("the click chose") { $0.lines[row].hasPrefix(">") }
        // In two pieces, as a slow line brings it.
        try terminal.send("\u{1b}[<64;6")
        try terminal.waitForSilence(milliseconds: 50)
        try terminal.send(";6M")
        try terminal.waitUntil("the wheel moved") { !$0.lines[row].hasPrefix(">") }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
        #expect(!terminal.screen.modes.contains(1000) && !terminal.screen.modes.contains(1006))
    }

    @Test func `profiles go out to a file and come in from one, on the screen`() throws {
        let terminal = try home.screen(columns: 150)
        try terminal.waitFor("orders")
        try terminal.send(":export ~/out.json\r")
        try terminal.waitFor("wrote 3 profiles to ~/out.json")
        #expect(home.folder.mode(of: "out.json") == 0o600)
        #expect(home.folder.read("out.json")?.split(separator: "\n").count == 3)
        try terminal.send(":export ~/out.json\r")
        try terminal.waitFor("out.json exists: name another file")
        try home.folder.write(
            "{\"name\":\"new\",\"host\":\"h.example\",\"auth\":\"none\"}\n{\"name\":\"bad\",\"port\":0}\n",
            to: "in.json")
        try terminal.send(":import ~/in.json\r")
        try terminal.waitFor("1 new, 1 left out")
        try terminal.press(.enter)
        try terminal.waitFor("imported 1 profile: u takes it back")
        try terminal.waitFor("new")
        try terminal.send("u")
        try terminal.waitFor("took back: imported 1 profile")
        #expect(try home.pgfob("list", "new").output.isEmpty)
    }

    @Test func `the trash is listed and given back`() throws {
        #expect(try home.pgfob("remove", "local").code == 0)
        let terminal = try home.screen()
        try terminal.waitFor("2 profiles")
        try terminal.send(":trash\r")
        try terminal.waitFor("local   127.0.0.1")
        try terminal.press(.escape)
        try terminal.waitUntil("the text is closed") { !$0.contains("Trash:") }
        try terminal.send(":restore local\r")
        try terminal.waitFor("brought back local")
        try terminal.waitFor("3 profiles")
    }

    @Test func `complaints do not hide one another, on the screen, in the log and for the doctor`() throws {
        try home.folder.write(
            "theme = \"nosuch\"\n[keys.list]\ntest = [\"t\", \"d\"]\nedit = \"^H\"\n[keys.form]\nnext-field = \"a\"\n",
            to: Self.config)
        let terminal = try home.screen(columns: 120, rows: 40)
        try terminal.waitFor("4 things are wrong with the settings, :settings lists them.")
        try terminal.send(":settings\r")
        let all = [
            "there is no theme \"nosuch\"", "d was the key of delete",
            "\"^H\" is Backspace to every terminal",
            "a is needed to type in form",
        ]
        // Where a line is broken depends on the folder's length.
        for part in ["there is no theme", "d was the key", "\"^H\" is", "a is needed"] {
            try terminal.waitFor(part)
        }
        let log = try #require(home.folder.read(".local/state/pgfob/pgfob.log"))
        let doctor = try home.pgfob("doctor").output
        for complaint in all { #expect(log.contains(complaint) && doctor.contains(complaint)) }
        try home.folder.write("", to: Self.config)
        try terminal.press(.escape)
        try terminal.waitFor("the settings are right again")
    }

    @Test func `each line of the log begins with its time in UTC, wherever the user is`() throws {
        try home.folder.write("theme = \"nosuch\"\n", to: Self.config)
        // Times have no fractions there.
        let start = Date().addingTimeInterval(-1)
        let terminal = try home.screen(columns: 120, rows: 40, more: ["TZ": "Asia/Tokyo"])
        try terminal.waitFor("there is no theme")
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
        let log = try #require(home.folder.read(".local/state/pgfob/pgfob.log"))
        let lines = log.split(separator: "\n")
        #expect(lines.contains { $0.contains("there is no theme") })
        for line in lines {
            let words = line.split(separator: " ", maxSplits: 2)
            #expect(words.count == 3 && words[1] == "pgfob:", "\(line)")
            #expect(words[0].wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil, "\(line)")
            let time = try Date(String(words[0]), strategy: .iso8601)
            #expect(time >= start && time <= Date(), "\(line)")
        }
    }

    @Test func `without colours the selected row of a theme with backgrounds is reversed`() throws {
        let terminal = try home.screen(more: ["NO_COLOR": "1", "PGFOB_THEME": "dark"])
        try terminal.waitFor("orders-ro")
        try terminal.waitUntil("a row is reversed") { screen in
            screen.lines.firstIndex { $0.hasPrefix(">") }.map { screen.cells[$0][4].style.reverse } == true
        }
    }

    @Test func `with --exit the first session is the last thing, and its code the program's`() throws {
        try home.folder.write("#!/bin/sh\necho in the session\nexit 7\n", to: "bin/psql", mode: 0o755)
        try home.folder.write("psql = \"\(home.folder.file("bin/psql"))\"\n", to: Self.config)
        let terminal = try home.screen(["--exit"])
        try terminal.waitFor("local")
        try terminal.send("/local\r\r")
        #expect(try terminal.ending() == .exited(7))
        #expect(!terminal.screen.isAlternate && terminal.screen.contains("in the session"))
        #expect(terminal.screen.contains("exit 7") && !terminal.screen.contains("Press Enter"))
        #expect(terminal.screen.modes.contains(25) && !terminal.screen.modes.contains(2004))
        #expect(try home.pgfob("list", "local").output.contains("never") == false)
    }

    @Test func `Ctrl-D after a session leads back to the list as Enter does`() throws {
        try home.folder.write("#!/bin/sh\nexit 2\n", to: "bin/psql", mode: 0o755)
        try home.folder.write("psql = \"\(home.folder.file("bin/psql"))\"\n", to: Self.config)
        let terminal = try home.screen()
        try terminal.waitFor("local")
        for _ in 1...2 {
            try terminal.press(.enter)
            try terminal.waitFor("Press Enter to go back")
            try terminal.press(.control("d"))
            try terminal.waitFor("psql on local ended")
            try terminal.send("?")
            try terminal.waitFor("Esc close")
            try terminal.press(.escape)
            try terminal.waitUntil("it is closed") { !$0.contains("Esc close") }
        }
        try terminal.send("q")
        #expect(try terminal.ending() == .exited(0))
    }

    @Test func `what the command line saves while the form is open is not overwritten unseen`() throws {
        let terminal = try home.screen()
        try terminal.waitFor("local")
        try terminal.send("/local\r")
        try terminal.send("e")
        try terminal.waitFor("Edit profile: local")
        try terminal.send("\u{1b}[6~mine")
        try terminal.waitFor("1 changed")
        #expect(try home.pgfob("edit", "local", "--notes", "theirs").code == 0)
        try terminal.press(.control("s"))
        try terminal.waitFor("was changed elsewhere to \"theirs\"")
        try terminal.waitFor("! Notes")
        #expect(try home.pgfob("list", "local", "--json").output.contains("\"notes\":\"theirs\""))
        // The store refused it, or the form had seen it before: then it asks already.
        if !terminal.screen.contains("^S overwrites it") { try terminal.press(.control("s")) }
        try terminal.waitFor("^S overwrites it")
        try terminal.press(.control("s"))
        try terminal.waitFor("changed local")
        try terminal.send("u")
        try terminal.waitFor("took back")
        #expect(try home.pgfob("list", "local", "--json").output.contains("\"notes\":\"theirs\""))
    }
}
