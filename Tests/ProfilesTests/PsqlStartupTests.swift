import Foundation
import Profiles
import TestSupport
import Testing

/// The commands that psql reads at its start, and how names in them are quoted.
struct PsqlStartupTests {
    private static func startup(
        name: String = "orders", environment: Environment? = .prod, conninfo: [String: String] = ["host": "h"]
    ) -> PsqlStartup {
        PsqlStartup(
            name: name, environment: environment, conninfo: Conninfo(conninfo.sorted { $0.key < $1.key }))
    }

    /// What psql makes of an argument in single quotes, as far as it has to be known here.
    private static func read(_ argument: Substring) -> String? {
        let bytes = Array(argument.utf8)
        guard bytes.count > 1, bytes.first == 0x27, bytes.last == 0x27 else { return nil }
        var result: [UInt8] = []
        var rest = bytes.dropFirst().dropLast()
        while let byte = rest.popFirst() {
            guard byte == 0x27 || byte == 0x5c else {
                result.append(byte)
                continue
            }
            let next = rest.popFirst()
            if byte == 0x5c, next == 0x78 {
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                guard digits.utf8.count == 2, let number = UInt8(digits, radix: 16) else { return nil }
                result.append(number)
                rest = rest.dropFirst(2)
            } else {
                guard next == byte else { return nil }
                result.append(byte)
            }
        }
        return String(validating: result, as: UTF8.self)
    }

    private static func value(of variable: String, in text: String) -> String? {
        let start = "\\set \(variable) "
        return text.split(separator: "\n").last { $0.hasPrefix(start.dropLast()) }.flatMap { line in
            read(Substring(line.unicodeScalars.dropFirst(start.unicodeScalars.count)))
        }
    }

    @Test func `the prompt has the environment's word in its colour, the profile, user and database`() {
        let prompt = Self.value(of: "PROMPT1", in: Self.startup().text)
        #expect(prompt == "%[%033[1;37;41m%][PROD]%[%033[0m%] orders %n@%/%R%x%# ")
        var plain = Self.startup(environment: .other("lab"))
        plain.isColoured = false
        #expect(Self.value(of: "PROMPT1", in: plain.text) == "[LAB] orders %n@%/%R%x%# ")
        #expect(Self.value(of: "PROMPT1", in: Self.startup(environment: nil).text) == "orders %n@%/%R%x%# ")
        plain.endpoint = .writer
        #expect(Self.value(of: "PROMPT1", in: plain.text) == "[LAB] orders (writer) %n@%/%R%x%# ")
        plain.isOpened = true
        #expect(
            Self.value(of: "PROMPT1", in: plain.text) == "[LAB] orders (writer) (read-write) %n@%/%R%x%# ")
    }

    /// Where psql still knows its database.
    private static func here(_ startup: PsqlStartup) -> String? {
        value(of: "pgfob_connected_TRUE", in: startup.text)
    }

    @Test func `home holds the whole connection string, reconnect all but the database that psql is in`() {
        let plain = Self.startup(conninfo: ["dbname": "d", "host": "h", "passfile": "/proc/self/fd/9"])
        #expect(
            Self.value(of: "home", in: plain.text)
                == "\\c \"postgresql://?dbname=d&host=h&passfile=%2Fproc%2Fself%2Ffd%2F9\"")
        let keeping = "\\c -reuse-previous=on \"postgresql://?"
        #expect(Self.here(plain) == keeping + "host=h&passfile=%2Fproc%2Fself%2Ffd%2F9&hostaddr=\"")
        #expect(
            Self.value(of: "reconnect", in: plain.text)
                == "\\set pgfob_way ':pgfob_connected_' :{?DBNAME} \\\\ :pgfob_way")
        #expect(plain.text.contains("\n\\set pgfob_connected_FALSE :home\n"))
        let dialled = Self.startup(conninfo: ["host": "h", "hostaddr": "::1"])
        #expect(Self.here(dialled) == keeping + "host=h&hostaddr=%3A%3A1\"")
        #expect(Self.here(Self.startup(conninfo: ["service": "s"])) == keeping + "service=s\"")
    }

    @Test func `both set what is set after the login`() {
        var guarded = Self.startup()
        guarded.settings = [.readOnly, ServerSetting("role", "o'r")]
        let sets =
            "\\set pgfob_quiet :QUIET \\set pgfob_autocommit :AUTOCOMMIT \\set QUIET on "
            + "\\set AUTOCOMMIT on \\\\ SET default_transaction_read_only = 'on'; SET role = 'o''r'; "
            + "\\set AUTOCOMMIT :pgfob_autocommit \\set QUIET :pgfob_quiet \\unset pgfob_autocommit "
            + "\\unset pgfob_quiet"
        #expect(Self.value(of: "home", in: guarded.text) == "\\c \"postgresql://?host=h\" \(sets)")
        #expect(Self.here(guarded) == "\\c -reuse-previous=on \"postgresql://?host=h&hostaddr=\" \(sets)")
        guarded.watch = PsqlPromptWatch(lostFile: "/l", troubleFile: "/t")
        guarded.watch?.guarded = ("not read-only", "/g")
        #expect(Self.here(guarded)?.hasSuffix(" \\unset pgfob_quiet \\! : >/g") == true)
    }

    @Test(arguments: [
        "it's", "back\\slash", "`touch x`", "%`touch x`", "%n", "a\nb", "\u{1b}[31m", "\u{202e}x",
        "\"; \\! id", ":x",
        "$(id)", "\\",
    ])
    func `a hostile name stays a name`(name: String) {
        let text = Self.startup(
            name: name, environment: .other(name), conninfo: ["application_name": name, "user": name]
        ).text
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines.count == 6 && lines.last == "" && lines.allSatisfy { $0.isEmpty || $0.hasPrefix("\\set ") })
        let prompt = Self.value(of: "PROMPT1", in: text)
        #expect(prompt?.contains("`") == false)
        #expect(
            prompt?.replacing("%%", with: "").split(separator: "%").allSatisfy { part in
                ["[", "033", "]", "n@", "/", "R", "x", "# "].contains { part.hasPrefix($0) }
            } == true)
        // The connection is what it was, less what nobody sees.
        let seen = String(name.unicodeScalars.filter { $0 != "\n" && $0.value != 0x1b && $0.value != 0x202e })
        let home = Self.value(of: "home", in: text) ?? ""
        let start = "\\c \"postgresql://?application_name="
        #expect(home.hasPrefix(start) && home.hasSuffix("\""))
        let values = home.dropFirst(start.count).dropLast().components(separatedBy: "&user=")
        #expect(values.count == 2 && values.allSatisfy { $0.removingPercentEncoding == seen })
        #expect(
            Self.value(of: "pgfob_connected_TRUE", in: text)
                == "\\c -reuse-previous=on\(home.dropFirst(2).dropLast())&hostaddr=\"")
    }

    /// psql reads it in the client encoding, in some of which a quote or a backslash ends a character of two bytes.
    @Test(arguments: ["会' \\ 会\\! touch x;#", "会", "é\\", "\u{10ffff}'", "日本\"", "`会`"])
    func `all that psql is to read is ASCII, and a name comes out of it as it went in`(name: String) {
        var startup = Self.startup(
            name: name, environment: .other(name), conninfo: ["application_name": name, "user": name])
        startup.settings = [ServerSetting("role", name)]
        startup.ownFiles = ["/home/\(name)/.psqlrc"]
        #expect(startup.text.utf8.allSatisfy { $0 < 0x80 })
        for line in startup.text.split(separator: "\n") where line.hasPrefix("\\set ") {
            let value = line.split(separator: " ", maxSplits: 2).last ?? ""
            guard value.hasPrefix("'"), !line.hasPrefix("\\set PROMPT1") else { continue }
            #expect(Self.read(value)?.utf8.allSatisfy { $0 < 0x80 } == true, "\(line) is read once more")
        }
        let prompt = Self.value(of: "PROMPT1", in: startup.text)
        #expect(prompt?.contains(" \(name.replacing("`", with: "")) %n@") == true)
    }

    @Test func `a setting says the same in every client encoding`() {
        #expect(ServerSetting("role", "o'r").statement == "SET role = 'o''r'")
        #expect(ServerSetting("role", "会'\\").statement == "SET role = E'\\U00004f1a''\\\\'")
    }

    @Test func `the user's own file comes between: it neither keeps the prompt away nor takes it`() {
        var startup = Self.startup()
        startup.ownFiles = ["/home/o'hara/.psqlrc"]
        let lines = startup.text.split(separator: "\n")
        #expect(lines.count == 11 && lines[5] == "\\i '/home/o''hara/.psqlrc'")
        #expect(lines[..<5].elementsEqual(lines[6...]))
    }

    @Test func `what is set stands after the user's own file as well, whatever that does at an error`() {
        var startup = Self.startup()
        startup.settings = [.readOnly]
        let alone = startup.text.split(separator: "\n")
        #expect(alone.filter { $0.hasPrefix("SET ") }.count == 1 && !startup.text.contains("SHOW"))
        startup.ownFiles = ["/home/x/.psqlrc"]
        let lines = startup.text.split(separator: "\n")
        let stop = "\\set ON_ERROR_STOP "
        let own = lines.firstIndex { $0 == "\(stop):pgfob_stop \\\\ \\i '/home/x/.psqlrc'" } ?? 0
        let set = Substring("SET default_transaction_read_only = 'on';")
        #expect(lines[..<own].contains(set) && lines[own...].contains(set))
        #expect(lines[own + 1] == "\\set pgfob_stop :ON_ERROR_STOP" && lines[own + 2] == "\(stop)off")
        #expect(lines[own...].contains("SHOW transaction_read_only \\gset pgfob_"))
        #expect(lines.suffix(2) == ["\(stop):pgfob_stop", "\\unset pgfob_stop"])
    }

    @Test func `any bytes of a name make as many lines, which psql reads back`() {
        var dice = SeededDice(seed: 61)
        for _ in 0..<500 {
            let name = dice.text(upTo: 30)
            let text = Self.startup(name: name, conninfo: ["user": name]).text
            #expect(text.split(separator: "\n").count == 5)
            #expect(
                Self.value(of: "PROMPT1", in: text) != nil && Self.value(of: "reconnect", in: text) != nil)
        }
    }

    @Test(arguments: [
        (["-X"], true, false), (["-AtX"], true, false), (["--no-psqlrc"], true, false),
        (["-c", "-X"], false, true),
        (["-AtcX"], false, true), (["-f", "x.sql"], false, true), (["-v", "a=b", "-e"], false, false),
        (["--no-ps"], true, false), (["--no-p"], false, false), (["--comm=x"], false, true),
        (["--l"], false, false),
        (["--lis"], false, true), (["-l"], false, true), (["--command=select 1"], false, true),
        (["--", "-X"], false, false),
    ])
    func `psql's own arguments say whether it reads the file and whether it talks`(
        arguments: [String], skips: Bool, isBatch: Bool
    ) {
        let read = PsqlArguments(arguments)
        #expect(read.skipsStartup == skips && read.isBatch == isBatch)
    }

    @Test(arguments: [
        (["-d", "x"], "-d"), (["-Atdx"], "-Atdx"), (["--dbname=x"], "--dbname=x"), (["--db", "x"], "--db"),
        (["--d=x"], "--d=x"), (["--us", "x"], "--us"), (["-Uother"], "-Uother"),
        (["--ho=h", "-At"], "--ho=h"),
        (["-p", "1"], "-p"), (["--field-separator-zero", "other"], "other"),
        (["--field-separator", "x"], nil),
        (["other"], "other"), (["-A", "other", "-d"], "other"), (["--", "-X"], "-X"), (["-c", "-d"], nil),
        (["--command", "-d"], nil), (["--com", "other"], nil), (["-v", "d=1", "-At"], nil), ([], nil),
        (["--set=d=1", "--no-psqlrc", "--list"], nil),
    ])
    func `a word that names a database or a user is found among psql's arguments`(
        arguments: [String], word: String?
    ) {
        #expect(PsqlArguments(arguments).elsewhere == word)
    }
}
