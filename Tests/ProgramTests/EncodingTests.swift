import TestSupport
import Testing

/// psql reads commands in the client encoding that is in force, and in some of them a quote or a backslash can be the
/// second byte of a character.
@Suite(.overTheFleet, .serialized, .timeLimit(.minutes(14)))
struct EncodingTests {
    /// The last byte of `会` has what stands behind it for its own, and what comes then would be psql's.
    private static let hostile = "会' \\ 会\\! touch ~/PWNED;#"

    private let run: FleetRun

    init() throws {
        run = try FleetRun()
        for (name, option, value) in [
            ("orders-stg", "--name", Self.hostile), (Self.hostile, "--env", "会' \\ 会\\! touch ~/PWNED;#"),
            (Self.hostile, "--parameter", "fallback_application_name=\(Self.hostile)"),
        ] {
            let edited = try run.pgfob("edit", name, option, value)
            #expect(edited.code == 0, "\(edited.errors)")
        }
    }

    private func expectNothingRan(_ how: String) {
        #expect(!run.folder.names.contains("PWNED"), "\(how)")
    }

    @Test(arguments: ["SJIS", "BIG5", "GBK", "GB18030", "UHC", "JOHAB"])
    func `a name runs nothing, whatever that encoding is and whoever has set it`(encoding: String) throws {
        let words = ["connect", Self.hostile, "--", "-Atc", "select 'it ' || 'answers'"]
        try run.folder.write("\\encoding \(encoding)\n", to: ".psqlrc")
        let set = try run.home.pgfob(words)
        #expect(set.output == "it answers\n" && set.errors == "", "\(set)")
        expectNothingRan("set by the user's own file")

        let terminal = try run.screen(["connect", Self.hostile], columns: 200, rows: 40)
        try terminal.waitFor("jane_doe@orders=>")
        for (count, command) in [":reconnect", ":home"].enumerated() {
            try terminal.send("\\encoding \(encoding)\r\(command)\r")
            try terminal.waitUntil("\(command) has connected") { screen in
                screen.lines.count { $0.contains("connected to database \"orders\"") } == count + 1
            }
        }
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
        expectNothingRan("set in the session")

        try run.folder.write("", to: ".psqlrc")
        #expect(
            try run.pgfob("edit", Self.hostile, "--parameter", "client_encoding=\(encoding)").code == 0)
        let own = try run.home.pgfob(words)
        #expect(own.output == "it answers\n" && own.errors == "", "\(own)")
        expectNothingRan("set by the profile")
    }

    @Test func `the prompt shows the name as it is`() throws {
        #expect(try run.pgfob("edit", Self.hostile, "--name", "会議-本番", "--env", "dev").code == 0)
        try run.folder.write("\\encoding SJIS\n", to: ".psqlrc")
        let terminal = try run.screen(["connect", "会議-本番"], columns: 100)
        try terminal.waitFor("[DEV] 会議-本番 jane_doe@orders=>")
        try terminal.send("\\q\r")
        #expect(try terminal.ending() == .exited(0))
    }
}
