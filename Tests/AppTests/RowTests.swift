import App
import Profiles
import Screen
import Testing

/// What a row and the header keep where room is short.
struct RowTests {
    @Test
    func `the server's version has a column where there is room, and gives way to nothing in the detail`() {
        var play = Play(columns: 200, rows: 60)
        play.go(to: "orders-writer")
        #expect(
            play.lines[1].contains("TEST        VER   ")
                && play.row(of: "orders-writer").contains("ok 23ms     16.4"))
        #expect(!Play(columns: 120, rows: 40).lines[1].contains("VER"))
        // As long as Aurora makes them.
        var profiles = Fleet.drawn
        profiles[0].profile.host = "orders-production.cluster-c1x9abcdefgh.ap-southeast-2.rds.amazonaws.com"
        play = Play(profiles, columns: 120, rows: 40)
        play.go(to: "orders-writer")
        #expect(
            play.line(with: " Endpoint ").contains("writer")
                && play.line(with: " Endpoint ").contains("PostgreSQL 16.4"))
    }

    @Test func `the store's path stands in the head of a wide screen, where all else finds room`() {
        var options = ScreenOptions()
        options.storePath = "~/.local/share/pgfob/profiles.db"
        for (columns, shown) in [(200, true), (120, false)] {
            var play = Play(columns: columns, rows: 40)
            play.send(.options(options))
            #expect(play.lines[0].contains("pgfob   ~/.local/share/pgfob/profiles.db   11 profiles") == shown)
        }
    }

    private static let loud = Theme(
        name: "loud",
        styles: [
            .text: Style(foreground: .palette(7)),
            .selected: Style(foreground: .palette(15), background: .palette(4)),
            .prod: Style(foreground: .palette(9), attributes: .bold),
            .failure: Style(foreground: .palette(0), background: .palette(1)),
            .stage: Style(foreground: .palette(11)),
        ])

    private func style(of word: String, in row: String, _ play: Play, theme: Theme) throws -> Style {
        let grid = view(play.model, size: play.size, theme: theme)
        let number = try #require(grid.lines.firstIndex { $0.dropFirst(3).hasPrefix(row) })
        let line = grid.row(number).map { $0.text }
        let letters = Array(word)
        let column = try #require(
            (0...line.count - letters.count).first { line[$0..<$0 + letters.count].elementsEqual(letters) })
        return grid[Point(column: column, row: number)].style
    }

    @Test func `the row about to be opened keeps the colours that warn`() throws {
        var play = Play(columns: 120, rows: 40)
        play.go(to: "billing-reader")
        let prod = try style(of: "PROD", in: "billing-reader", play, theme: Self.loud)
        #expect(prod.foreground == .palette(9) && prod.attributes.contains(.reverse))
        // What has a ground of its own is a block already.
        let fail = try style(of: "FAIL 5 tls", in: "billing-reader", play, theme: Self.loud)
        #expect(fail == Self.loud[.failure])
        let name = try style(of: "billing-reader", in: "billing-reader", play, theme: Self.loud)
        #expect(name.background == .palette(4))
        let other = try style(of: "PROD", in: "orders-writer", play, theme: Self.loud)
        #expect(other == Self.loud[.prod])
    }

    @Test(arguments: [(80, 24), (120, 40), (200, 60), (60, 18)])
    func `words of the user's own for environments never read as others`(columns: Int, rows: Int) throws {
        let words = ["preprod", "pré-prod", "prod-eu", "sandbox", "prod", "production-of-the-other-company"]
        let profiles = words.enumerated().map { number, word in
            Fleet.saved(number, "p\(number)", Environment(word), host: "h", user: "u", database: "d")
        }
        let play = Play(profiles, columns: columns, rows: rows)
        let head = play.line(with: "NAME")
        let start = try #require(head.firstRange(of: "ENV")).lowerBound
        let column = head.distance(from: head.startIndex, to: start)
        let shown = (0..<6).map { number -> String in
            let row = play.row(of: "p\(number) ")
            return String(row.dropFirst(column).prefix { $0 != " " })
        }
        #expect(shown.prefix(5).elementsEqual(["PREPROD", "PRÉ-PROD", "PROD-EU", "SANDBOX", "PROD"]))
        #expect(shown[5] == (columns >= 112 ? "PRODU..MPANY" : "PRO..ANY"))
    }

    @Test(arguments: [
        ("billing", 120, "billing.cluster-c1x9abc... euw1", "billing.cluster-ro-c1x9... euw1"),
        (
            "billing-and-invoices-of-all-subsidiaries", 120, "billing-...diaries.cluster euw1",
            "billin...iaries.cluster-ro euw1"
        ),
    ])
    func `an endpoint that is cut still says which one of which cluster it is`(
        name: String, columns: Int, writer: String, reader: String
    ) {
        let profiles = ["cluster-", "cluster-ro-"].enumerated().map { number, kind in
            Fleet.saved(
                number, "p\(number)", .dev, host: Fleet.rds(name, "\(kind)c1x9abcdefgh"), user: "u",
                database: "d")
        }
        let play = Play(profiles, columns: columns, rows: 40)
        #expect(play.row(of: "p0").contains(" \(writer) "), "\(play.row(of: "p0"))")
        #expect(play.row(of: "p1").contains(" \(reader) "), "\(play.row(of: "p1"))")
    }

    @Test(arguments: [(60, 15), (80, 24), (100, 30), (120, 40), (200, 60)])
    func `how long the AWS session lasts stays in the header beside any filter`(columns: Int, rows: Int) {
        var play = GoldenTests.drawing(columns: columns, rows: rows)
        #expect(play.lines[0].contains("aws acme-prod") && play.lines[0].contains("SSO 4h12m"))
        play.type("/env:prod region:eu-west-1 orders")
        play.press(.enter)
        #expect(play.lines[0].contains("SSO 4h12m") && play.lines[0].contains("filter: env:pro"))
        play.press(.escape)
        play.type("/env:stage search-stg")
        play.press(.enter)
        #expect(play.lines[0].contains("login: L"), "\(play.lines[0])")
    }

    @Test func `a filter that finds nothing leaves the cursor where it was`() {
        var play = Play()
        play.go(to: "orders-stg")
        play.type("/scr")
        #expect(play.selected == "scratch")
        play.type("zzz")
        #expect(play.selected == nil)
        play.press(.escape)
        #expect(play.selected == "orders-stg")
        // Also where the filter was kept meanwhile, and where the profiles came anew.
        play.type("/zzzqq")
        play.press(.enter)
        play.send(.profiles(Fleet.drawn))
        play.press(.escape)
        #expect(play.selected == "orders-stg")
        // What was found stays selected.
        play.type("/scr")
        play.press(.escape)
        #expect(play.selected == "scratch")
    }

    @Test func `the smallest footer names help and the commands`() {
        let play = Play(columns: 60, rows: 15)
        let footer = play.lines[14]
        for words in ["Enter psql", ": command", "? help", "/ filter", "t test"] {
            #expect(footer.contains(words), "\(footer)")
        }
    }

    @Test func `how a session starts stands at the status line's end`() {
        var play = Play(columns: 120, rows: 40)
        #expect(play.status.hasSuffix("1/11  [ro]"))
        play.go(to: "scratch")
        #expect(play.status.hasSuffix("11/11  [rw]"))
    }

    @Test func `the letters that a fuzzy filter found are marked in every column`() {
        var play = Play(columns: 120, rows: 40)
        play.type("/euw1 stg")
        let grid = play.grid
        let row = grid.lines.firstIndex { $0.contains("billing-stg") } ?? 0
        let line = String(grid.row(row).map(\.text))
        let at =
            line.firstRange(of: " euw1").map { line.distance(from: line.startIndex, to: $0.lowerBound) } ?? 0
        for column in at + 1...at + 4 {
            #expect(grid[Point(column: column, row: row)].style.attributes.contains(.underline))
        }
    }
}
