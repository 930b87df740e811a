import TestSupport
import Testing

/// What another program does to the store while the screen is open.
@Suite(.timeLimit(.minutes(14)))
struct OutsideChangeTests {
    private let home: ProgramHome

    init() throws {
        home = try ProgramHome(["AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"])
        try run("add", "--name", "first", "--host", "first.example.com", "--user", "jane_doe")
    }

    private func run(_ arguments: String...) throws {
        let run = try home.pgfob(arguments)
        #expect(run.code == 0, "\(run.errors)")
    }

    @Test func `each profile that the command line adds, changes or removes appears by itself`() throws {
        let terminal = try home.screen(columns: 120, rows: 40)
        try terminal.waitFor("first")
        for number in 1...12 {
            try run(
                "add", "--name", "outside-\(number)", "--host", "db\(number).example.com", "--user",
                "jane_doe")
            try terminal.waitUntil("profile \(number) is in the list") { screen in
                screen.lines.contains { $0.contains("outside-\(number) ") }
            }
        }
        try run("edit", "outside-3", "--name", "renamed")
        try terminal.waitFor("renamed")
        try run("remove", "outside-5")
        try terminal.waitUntil("the removed one is gone") { screen in
            !screen.lines.contains { $0.contains("outside-5 ") }
        }
    }
}
