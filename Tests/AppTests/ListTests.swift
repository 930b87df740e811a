#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import App
import Profiles
import Screen
import Testing

/// The cursor, the groups and the filter of the list.
struct ListTests {
    @Test func `R reads again and says when it has`() {
        var play = Play()
        play.type("R")
        #expect(play.effects.last == .reload && play.status.contains("reading the profiles again ..."))
        play.send(.profiles(Fleet.drawn))
        #expect(play.status.contains("ok: read again: 11 profiles"))
        // Later news of the store are no answer to it.
        play.type("S")
        play.send(.profiles(Fleet.drawn))
        #expect(play.status.contains("reversed"))
        play.type("R")
        play.send(.storeFailed("the store cannot be read: check it"))
        play.send(.profiles(Fleet.drawn))
        #expect(play.status.contains("the store cannot be read"))
    }

    @Test func `the list starts on its first profile with every group open`() {
        let play = Play(columns: 80, rows: 40)
        #expect(play.selected == "orders-writer")
        let heads = play.lines.filter { $0.hasPrefix(" [-]") }.map { $0.split(separator: " ")[1] }
        #expect(heads == ["prod", "stage", "local"])
    }

    @Test func `groups stand in the order of their danger and strangers by name`() {
        let words: [Environment?] = [nil, .other("qa"), .local, .other("demo"), .dev, .prod, .stage]
        let profiles = words.enumerated().map {
            Fleet.saved($0, "p\($0)", $1, host: "h", user: nil, database: "d")
        }
        let play = Play(profiles)
        let heads = play.lines.filter { $0.hasPrefix(" [-]") }.map { $0.dropFirst(5).prefix(4) }
        #expect(heads == ["prod", "stag", "dev ", "loca", "demo", "qa  ", "no e"])
    }

    @Test func `pinned stand first, then the last used, then by name without regard to case`() {
        let profiles = [
            Fleet.saved(1, "beta", .dev, host: "h", user: nil, database: "d"),
            Fleet.saved(2, "Alpha", .dev, host: "h", user: nil, database: "d"),
            Fleet.saved(3, "old", .dev, host: "h", user: nil, database: "d", used: 900),
            Fleet.saved(4, "recent", .dev, host: "h", user: nil, database: "d", used: 60),
            Fleet.saved(5, "pin", .dev, host: "h", user: nil, database: "d") { $0.pinned = true },
            Fleet.saved(6, "Éclair", .dev, host: "h", user: nil, database: "d"),
        ]
        var play = Play(profiles)
        var order: [String] = []
        for _ in profiles {
            order.append(play.selected ?? "")
            play.type("j")
        }
        #expect(order == ["pin", "recent", "old", "Alpha", "beta", "Éclair"])
    }

    @Test(arguments: [
        ("j", "orders-reader"), ("jjk", "orders-reader"), ("G", "scratch"), ("Gg", "orders-writer"),
        ("k", "orders-writer"), ("]", "orders-stg"), ("]]", "scratch"), ("]]]", "scratch"),
        ("]j[", "orders-stg"),
        ("][", "orders-writer"), ("jjjjjj", "orders-stg"),
    ])
    func `keys move over profiles and never stop on the line of an open group`(keys: String, name: String) {
        var play = Play()
        play.type(keys)
        #expect(play.selected == name)
        #expect(play.lines.contains { $0.hasPrefix(">") && $0.contains(name) })
    }

    @Test(arguments: [
        ([Key.down, .down], "billing-writer"), ([.end], "scratch"), ([.end, .home], "orders-writer"),
        ([.control("d")], "search-stg"), ([.pageDown, .pageUp], "orders-writer"),
        ([.end, .control("u")], "billing-writer"),
    ])
    func `arrows and pages move too`(keys: [Key], name: String) {
        var play = Play()
        for key in keys { play.press(key) }
        #expect(play.selected == name)
    }

    @Test func `a long list scrolls with the cursor and shows the group of its first profile`() {
        var play = Play(Fleet.drawn + Fleet.dev(100))
        play.type("G")
        #expect(play.row(of: "scratch").hasPrefix(">"))
        play.type("gG")
        play.press(.home)
        #expect(play.lines[2].hasPrefix(" [-] prod"))
        for _ in 0..<60 {
            play.press(.down)
            #expect(play.lines.contains { $0.hasPrefix(">") })
        }
    }

    @Test func `a folded group keeps its line, and opens on its first profile`() {
        var play = Play()
        play.type("]jz")
        #expect(play.line(with: "stage").hasPrefix("> [+]") || play.line(with: "stage").hasPrefix(">[+]"))
        #expect(play.selected == nil)
        #expect(play.row(of: "legacy-rds").isEmpty)
        play.press(.enter)
        #expect(play.selected == "orders-stg")
        #expect(play.effects.isEmpty)
    }

    @Test func `Z folds all groups and opens them again`() {
        var play = Play()
        play.type("Z")
        #expect(play.lines.filter { $0.contains("(collapsed)") }.count == 3)
        play.type("jZ")
        #expect(play.selected == "orders-stg")
        #expect(!play.screen.contains("(collapsed)"))
    }

    @Test func `each key of the filter selects the best match and never a header`() {
        var play = Play()
        play.type("/")
        for (key, best) in [("l", "legacy-rds"), ("e", "legacy-rds"), ("d", "ledger-custom-ep")] {
            play.type(key)
            #expect(play.selected == best)
        }
        #expect(play.row(of: "scratch").isEmpty)
    }

    @Test func `Enter keeps the filter, and Esc in the list clears it under the same profile`() {
        var play = Play()
        play.type("/stg")
        play.press(.enter)
        play.type("j")
        let name = play.selected
        #expect(play.lines[0].contains("filter: stg"))
        play.press(.escape)
        #expect(play.selected == name)
        #expect(!play.lines[0].contains("filter"))
    }

    @Test
    func
        `a second filter stands in the place of the first, unless the first is edited or gets a further word`()
        throws
    {
        for (keys, wanted): ([Key], String) in [
            ([.character("s"), .character("c")], "sc"), ([.paste("env:prod")], "env:prod"),
            ([.character(" "), .character("x")], "stg x"), ([.backspace, .character("x")], "stx"),
            ([.home, .character("x")], "xstg"), ([.enter], "stg"), ([.down, .character("s")], "s"),
        ] {
            var play = Play(columns: 120, rows: 40)
            play.type("/stg")
            play.press(.enter)
            play.type("/")
            #expect(play.line(with: " /stg").contains("of"))
            for key in keys { play.press(key) }
            play.press(.enter)
            let header = try #require(play.lines.first) + " "
            #expect(header.contains("filter: \(wanted) "), "\(keys): \(header)")
        }
    }

    @Test func `Esc in the filter line clears it, and letters are text there`() {
        var play = Play()
        play.type("/qdG")
        #expect(play.effects.isEmpty)
        play.press(.escape)
        #expect(play.row(of: "scratch") != "")
    }

    @Test(arguments: [
        ("env:stage", 4), ("tag:pci", 1), ("region:us-east", 1), ("!stale", 5), ("env:prod billing", 2),
        ("auth:none", 1), ("nothing-like-it", 0),
    ])
    func `terms filter by field`(filter: String, count: Int) {
        var play = Play()
        play.type("/\(filter)")
        #expect(play.lines[0].contains("11 profiles, \(count) visible"))
    }

    @Test func `folded groups show their matches while a filter is on`() {
        var play = Play()
        play.type("Z/scratch")
        play.press(.enter)
        #expect(play.selected == "scratch")
        play.type("z")
        #expect(play.status.contains("groups stay open"))
    }

    @Test func `the cursor follows its profile when another program changes the list`() {
        var play = Play()
        play.go(to: "orders-stg")
        var profiles = Fleet.drawn
        profiles[6].profile.name = "renamed"
        profiles[6].profile.environment = .dev
        profiles.insert(Fleet.saved(90, "aaa", .prod, host: "h", user: nil, database: "d", used: 1), at: 0)
        play.send(.profiles(profiles))
        #expect(play.selected == "renamed")
        #expect(play.lines.contains { $0.hasPrefix(">  renamed") })
    }

    @Test func `the cursor goes to the neighbour of a profile that is gone`() {
        var play = Play()
        play.go(to: "billing-writer")
        play.send(.profiles(Fleet.drawn.filter { $0.profile.name != "billing-writer" }))
        #expect(play.selected == "billing-reader")
        play.type("G")
        play.send(.profiles(Fleet.drawn.filter { $0.profile.name != "scratch" }))
        #expect(play.selected == "legacy-rds")
        play.send(.profiles([]))
        #expect(play.selected == nil)
        play.type("jkGg[]zZetdDvK")
        #expect(play.effects.isEmpty)
    }

    @Test func `i hides the detail and gives its rows to the list`() {
        var play = Play(Fleet.drawn + Fleet.dev(31))
        #expect(play.screen.contains("tls verify-full"))
        play.type("i")
        #expect(!play.screen.contains("tls verify-full"))
        #expect(play.lines[21].contains("dev-0"))
    }

    @Test func `the cursor's row is reversed, and the bar on it can still be read`() {
        let play = GoldenTests.drawing(columns: 120, rows: 40)
        let (grid, theme) = (play.grid, Theme.standard)
        let row = play.lines.firstIndex { $0.hasPrefix(">") } ?? 0
        let bar = (94..<102).map { grid[Point(column: $0, row: row)].style }
        #expect(bar == Array(repeating: theme[.barFilled], count: 7) + [theme[.barEmpty]])
        for column in [0, 3, 30, 90, 110, 119] {
            #expect(grid[Point(column: column, row: row)].style.attributes.contains(.reverse))
        }
    }

    @Test func `colour marks the environment, and every meaning has its word too`() {
        let grid = GoldenTests.drawing(columns: 120, rows: 40).grid
        let theme = Theme.standard
        let row = grid.lines.firstIndex { $0.dropFirst(3).hasPrefix("billing-reader") } ?? 0
        let words = String(grid.row(row).map(\.text))
        for (word, role) in [("PROD", Role.prod), ("FAIL", .failure), ("on use", .muted)] {
            guard let at = words.firstRange(of: word) else {
                Issue.record("\(word) is missing")
                continue
            }
            let column = words.distance(from: words.startIndex, to: at.lowerBound)
            #expect(grid[Point(column: column, row: row)].style == theme[role])
        }
        let old = grid.lines.firstIndex { $0.contains("ok 190ms") } ?? 0
        let column = 104
        #expect(grid[Point(column: column, row: old)].style == theme[.muted])
    }

    @Test func `the first page counts all, and the rest comes in under the cursor`() {
        let all = (0..<400).map { number in
            Fleet.saved(
                number, "p\(1000 + number)", number < 300 ? .prod : .dev, host: "h", user: nil, database: "d")
        }
        var play = Play([])
        let counts = [FirstPage.Count(.prod, 300), FirstPage.Count(.dev, 100)]
        play.send(.firstPage(FirstPage(profiles: Array(all.prefix(150)), counts: counts)))
        #expect(play.lines[0].contains("400 profiles") && play.lines[2].contains("prod  300 profiles"))
        #expect(play.screen.contains("1/400"))
        let painted = play.lines
        play.send(.profiles(all.shuffled()))
        #expect(play.lines == painted)
        play.type("jjj")
        play.send(.profiles(all))
        #expect(play.selected == "p1003" && play.screen.contains("4/400"))
    }
}
