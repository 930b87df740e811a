import App
import Profiles
import Screen
import Testing

/// How the list is looked at: groups, order, columns, pins, marks and what a filter matched.
struct ViewTests {
    private func heads(_ play: Play) -> [String] {
        play.lines.filter { $0.hasPrefix(" [-]") || $0.hasPrefix(" [+]") }.map { String($0.dropFirst(5)) }
    }

    private func order(_ play: Play) -> [String] {
        var play = play
        play.type("g")
        var names = [play.selected ?? ""]
        for _ in 0..<50 {
            play.type("j")
            guard let name = play.selected, name != names.last else { break }
            names.append(name)
        }
        return names
    }

    @Test(arguments: [
        (1, "group", ["no group  11"]),
        (2, "cluster", ["billing  c1x9 eu-west-1  2", "no cluster  1"]),
        (3, "region", ["ap-northeast-1", "eu-west-1", "us-east-1", "no region  1"]),
        (4, "aws", ["acme-prod", "acme-stage  1", "without AWS  2"]), (5, "none", []),
        (6, "env", ["prod", "stage"]),
    ])
    func `b goes through what the list can be grouped by`(presses: Int, word: String, expected: [String]) {
        var play = Play(columns: 120, rows: 40)
        for _ in 0..<presses { play.type("b") }
        #expect(play.lines[0].contains("by:\(word) "))
        #expect(play.status.contains(word == "none" ? "without groups" : "grouped by \(word)"))
        for head in expected {
            #expect(heads(play).contains { $0.hasPrefix(head) }, "\(head): \(heads(play))")
        }
        if word == "none" { #expect(heads(play).isEmpty && order(play).count == 11) }
        #expect(play.selected == "orders-writer")
    }

    @Test func `a cluster's endpoints stand together, with the instances that are named after it`() {
        let hosts = [
            ("w", Fleet.rds("orders", "cluster-c1x9")), ("r", Fleet.rds("orders", "cluster-ro-c1x9")),
            ("i", Fleet.rds("orders-instance-1", "c1x9")), ("other", Fleet.rds("orders-eu", "cluster-c1x9")),
            ("abroad", Fleet.rds("orders", "cluster-c1x9", "us-east-1")),
            ("j", Fleet.rds("orders-eu-1", "c1x9")),
        ]
        var play = Play(
            hosts.enumerated().map { Fleet.saved($0, $1.0, .dev, host: $1.1, user: "u", database: "d") })
        play.type("bb")
        #expect(
            heads(play) == [
                "orders  c1x9 eu-west-1  3 profiles", "orders  c1x9 us-east-1  1 profile",
                "orders-eu  c1x9 eu-west-1  2 profiles",
            ])
    }

    @Test func `s goes through the columns, S turns the order round`() {
        var play = Play(columns: 120, rows: 40)
        play.type("bbbbb")
        let byUse = order(play)
        play.type("s")
        #expect(play.status.contains("sorted by name"))
        let byName = order(play)
        // Pins stay before the others.
        #expect(Array(byName.prefix(2)) == ["orders-reader", "orders-writer"])
        #expect(Array(byName.dropFirst(2)) == byName.dropFirst(2).sorted() && byName != byUse)
        play.type("S")
        #expect(play.lines[0].contains("sort:name ^"))
        #expect(Array(order(play).dropFirst(2)) == byName.dropFirst(2).reversed())
    }

    @Test func `every column can be sorted by`() {
        var play = Play(columns: 120, rows: 40)
        play.type("bbbbb")
        play.mint("billing-stg", secondsLeft: 100)
        var orders: [String: [String]] = [:]
        for _ in SortOrder.Column.allCases {
            play.type("s")
            let word = play.lines[0].split(separator: " ").first { $0.hasPrefix("sort:") } ?? ""
            orders[String(word.dropFirst(5))] = Array(order(play).dropFirst(2))
        }
        #expect(Set(orders.keys) == Set(SortOrder.Column.allCases.map(\.rawValue)))
        #expect(orders["token"]?.first == "billing-stg")
        #expect(orders["test"]?.first == "billing-reader")
        #expect(orders["env"]?.last == "scratch")
        #expect(orders["auth"]?.last == "scratch" || orders["auth"]?.last == "legacy-rds")
        #expect(orders["last-used"]?.first == "orders-stg")
    }

    @Test func `p pins and lets go, and can be undone`() {
        var play = Play()
        play.go(to: "billing-writer")
        play.type("p")
        guard case .write(_, .updateAll(let new, from: let old)) = play.effects.last else {
            Issue.record("nothing was written")
            return
        }
        #expect(new.map(\.pinned) == [true] && old.map(\.pinned) == [false])
        play.send(.written(play.lastRequest, .done))
        #expect(play.status.contains("pinned billing-writer: u takes it back"))
        play.type("u")
        #expect(play.effects.last == .write(play.lastRequest, .updateAll(old, from: new)))
    }

    @Test func `Space marks and goes on, and what is marked is changed as one`() {
        var play = Play()
        play.go(to: "billing-writer")
        play.type("  ")
        #expect(
            play.row(of: "billing-writer").hasPrefix(" +") && play.row(of: "billing-reader").hasPrefix(" +"))
        #expect(play.lines[0].contains("11 profiles, 2 marked"))
        play.type("d")
        guard case .write(_, .trash(let ids)) = play.effects.last else {
            Issue.record("nothing was deleted")
            return
        }
        #expect(ids == [Fleet.drawn[2].id, Fleet.drawn[3].id])
        play.send(.written(play.lastRequest, .done))
        #expect(play.status.contains("deleted 2 profiles: u brings them back"))
        play.type("u")
        #expect(play.effects.last == .write(play.lastRequest, .restore(ids)))
    }

    @Test func `star marks all that are shown, and Esc takes the marks away after the filter`() {
        var play = Play()
        play.type("/billing")
        play.press(.enter)
        play.type("*")
        #expect(play.lines[0].contains("3 marked") || play.lines[0].contains("marked"))
        play.press(.escape)
        #expect(play.lines[0].contains("11 profiles, 3 marked"))
        play.press(.escape)
        #expect(!play.lines[0].contains("marked"))
    }

    @Test func `marks go with their profiles`() {
        var play = Play()
        play.type(" ")
        play.send(.profiles(Array(Fleet.drawn.dropFirst())))
        #expect(!play.lines[0].contains("marked"))
    }

    @Test func `a second T joins the first: both are counted, and Esc ends both`() throws {
        var play = Play()
        play.type("/billing")
        play.press(.enter)
        play.type("T")
        #expect(play.status.contains("testing 3: 0 done"))
        play.type("T")
        #expect(play.status.contains("all of them are being tested already"))
        play.type("/")
        play.press(.control("u"))
        play.type("orders")
        play.press(.enter)
        play.effects = []
        play.type("T")
        let more = play.effects.compactMap { effect in
            if case .testAmongMany(let id, _) = effect { id } else { nil }
        }
        #expect(!more.isEmpty && play.status.contains("testing \(3 + more.count): 0 done"))
        play.effects = []
        play.press(.escape)
        #expect(play.effects.count == 3 + more.count)
    }

    /// Has `T` test the three rows that a filter shows.
    private static func testsBilling(_ play: inout Play) throws -> [RequestID] {
        play.type("/billing")
        play.press(.enter)
        play.effects = []
        play.type("T")
        let ids = play.effects.compactMap { effect in
            if case .testAmongMany(let id, _) = effect { id } else { nil }
        }
        try #require(ids.count == 3)
        return ids
    }

    @Test func `T tests what is shown, says how far it is, and Esc cancels the rest`() throws {
        var play = Play()
        let ids = try Self.testsBilling(&play)
        #expect(play.status.contains("testing 3: 0 done, 0 ok, 0 failed"))
        play.send(.tested(ids[0], GoldenTests.report))
        #expect(play.status.contains("testing 3: 1 done, 0 ok, 1 failed"))
        play.effects = []
        play.press(.escape)
        #expect(play.effects == [.cancelTest(ids[1]), .cancelTest(ids[2])])
        var cancelled = GoldenTests.report
        cancelled.outcome = .cancelled
        for id in ids.dropFirst() { play.send(.tested(id, cancelled)) }
        #expect(play.status.contains("tested 3: 0 ok, 1 failed, 2 cancelled"))
    }

    @Test func `where some of many failed, T ends with the filter that shows which`() throws {
        var play = Play()
        let ids = try Self.testsBilling(&play)
        var passed = GoldenTests.report
        passed.outcome = .ok
        for id in ids.dropFirst() { play.send(.tested(id, passed)) }
        play.send(.tested(ids[0], GoldenTests.report))
        #expect(play.status.contains("tested 3: 2 ok, 1 failed; /test:fail shows which"))
    }

    @Test func `what the filter matched is marked, also letters far apart`() {
        var play = Play(columns: 120, rows: 40)
        play.type("/bilw")
        let row = play.lines.firstIndex { $0.contains("billing-writer") } ?? 0
        let marked = (0..<40).filter {
            play.grid[Point(column: $0, row: row)].style.attributes.contains(.underline)
        }
        #expect(marked.map { play.grid[Point(column: $0, row: row)].text } == ["b", "i", "l", "w"])
        play.press(.escape)
        play.type("/c1x9")
        #expect(
            play.grid.row(play.lines.firstIndex { $0.contains("billing-writer") } ?? 0).contains {
                $0.style.attributes.contains(.underline)
            })
    }

    @Test(arguments: [
        "aws:acme-st", "db:search", "env:stage user:iam_app", "name:search-stg", "region:eu-west-1 search",
    ])
    func `terms narrow the list`(filter: String) {
        var play = Play()
        play.type("/" + filter)
        #expect(play.selected == "search-stg")
    }

    @Test func `the bar chooses other columns where room is short`() {
        var play = Play()
        #expect(!play.lines[1].contains("ENDPOINT") && play.lines[1].contains("USER@DB"))
        play.type("|")
        #expect(play.lines[1].contains("ENDPOINT") && !play.lines[1].contains("USER@DB"))
        #expect(play.row(of: "orders-writer").contains("orders.cluster-c1x9 euw1"))
        play.type("|")
        #expect(play.lines[1].contains("USER@DB") && !play.lines[1].contains("LAST"))
        play.type("|")
        #expect(play.lines[1].contains("LAST"))
    }

    @Test func `w opens the profile on the writer of its cluster`() {
        var play = Play()
        play.go(to: "orders-reader")
        play.type("w")
        #expect(play.screen.contains("PRODUCTION  orders-reader  (WRITER)"))
        play.press(.escape)
        play.go(to: "orders-writer")
        play.type("w")
        #expect(play.screen.contains("PRODUCTION  orders-writer"))
        play.press(.escape)
        play.go(to: "legacy-rds")
        play.type("w")
        #expect(play.status.contains("which endpoint is the writer is not in its name: t asks the server"))
    }

    @Test func `all that is wrong with the settings can be read, and goes once it is mended`() {
        var play = Play()
        play.send(.complaints(["config.toml:3: one", "config.toml:7: two"]))
        #expect(play.screen.contains("! 2 things are wrong with the settings, :settings lists them."))
        play.type(":settings")
        play.press(.enter)
        #expect(play.screen.contains("config.toml:3: one") && play.screen.contains("config.toml:7: two"))
        play.press(.escape)
        play.send(.complaints(["config.toml:7: two"]))
        #expect(play.status.contains("! config.toml:7: two"))
        play.send(.complaints([]))
        #expect(play.status.contains("ok: the settings are right again"))
        play.type(":settings")
        play.press(.enter)
        #expect(play.status.contains("nothing is wrong with the settings"))
    }

    @Test func `a dialog fills its rectangle with the theme's own background`() {
        var play = Play()
        let black = Style(foreground: .palette(15), background: .palette(0))
        let theme = Theme(name: "black", styles: [.text: black])
        for keys in ["e", "?", ":"] {
            play.type(keys)
            let grid = view(play.model, size: play.size, theme: theme)
            for row in 0..<grid.size.rows {
                #expect(grid.row(row).allSatisfy { $0.style.background == .palette(0) }, "\(keys) \(row)")
            }
            play.press(.escape)
        }
    }

    @Test func `what to do at the end of long trouble is not cut`() {
        var play = Play()
        play.send(
            .trouble(
                "the bundle was not fetched: https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem: could "
                    + "not translate host name \"truststore.pki.rds.amazonaws.com\" to address: Temporary failure in "
                    + "name resolution: check the network, or fetch it elsewhere and name the file in the profile"
            ))
        #expect(play.status.contains("profile") && !play.screen.contains("..\n"), "\(play.screen)")
    }
}
