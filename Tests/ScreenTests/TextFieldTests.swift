import Screen
import Testing

struct TextFieldTests {
    private func edited(_ text: String, _ keys: [Key]) -> TextField {
        var field = TextField(text)
        for key in keys { _ = field.handle(key) }
        return field
    }

    @Test(
        arguments: [
            ("", [.character("a"), .character("b")], "ab", 2), ("ab", [.left, .character("x")], "axb", 2),
            ("ab", [.home, .character("x")], "xab", 1), ("ab", [.home, .left, .left], "ab", 0),
            ("ab", [.right, .right], "ab", 2), ("ab", [.backspace], "a", 1),
            ("", [.backspace, .delete], "", 0),
            ("ab", [.home, .delete], "b", 0), ("ab", [.home, .backspace], "ab", 0),
            ("ab", [.home, .end], "ab", 2),
            ("one two", [.control("w")], "one ", 4), ("one  ", [.control("w")], "", 0),
            ("one two", [.left, .left, .left, .control("w")], "two", 0), ("one two", [.control("u")], "", 0),
            ("one two", [.home, .right, .control("k")], "o", 1), ("ab", [.control("a")], "ab", 0),
            ("会計本番", [.left, .left, .backspace], "会本番", 1), ("会計", [.left, .character("x")], "会x計", 2),
            ("e", [.character("\u{301}")], "e\u{301}", 1), ("xe\u{301}", [.backspace], "x", 1),
            ("👨👩", [.backspace], "👨", 1),
        ] as [(String, [Key], String, Int)])
    func `keys edit the text at the cursor`(text: String, keys: [Key], result: String, cursor: Int) {
        let field = edited(text, keys)
        #expect(field.text == result)
        #expect(field.cursor == cursor)
    }

    @Test(arguments: [
        ("  host.example.com\n", "host.example.com"), ("a\nb\tc", "a b c"), ("a\u{1b}[31mb\u{0}", "a[31mb"),
        ("\n", ""),
        ("", ""),
    ])
    func `a paste becomes one line without control characters`(pasted: String, text: String) {
        let field = edited("<>", [.left, .paste(pasted)])
        #expect(field.text == "<\(text)>")
        #expect(field.cursor == 1 + text.count)
    }

    @Test func `a paste beyond the limit is cut and editing goes on`() {
        let field = edited("", [.paste(String(repeating: "x", count: 150_000)), .character("y"), .backspace])
        #expect(field.text.count <= TextField.limit)
        var grid = Grid(size: Size(columns: 10, rows: 1))
        field.draw(on: &grid, column: 0, row: 0, width: 10, style: .plain, focused: true)
        #expect(grid.cursor == Point(column: 9, row: 0))
    }

    @Test(arguments: [.enter, .escape, .tab, .up, .control("s"), .function(1), .focusLost] as [Key])
    func `keys that mean nothing here are left to others`(key: Key) {
        var field = TextField("ab")
        let taken = field.handle(key)
        #expect(!taken)
        #expect(field == TextField("ab"))
    }

    @Test(
        arguments: [
            ("abc", [], "abc", 3), ("abcdefghij", [], "efghij", 6), ("abcdefghij", [.home], "abcdefg", 0),
            ("会計本番", [], "計本番", 6), ("会計本番", [.home], "会計本", 0), ("a会計本番", [.left], "計本番", 4),
            ("a\u{1b}b", [], "a\u{fffd}b", 3), ("", [], "", 0),
        ] as [(String, [Key], String, Int)])
    func `the cursor is always in sight`(text: String, keys: [Key], line: String, column: Int) {
        var grid = Grid(size: Size(columns: 12, rows: 1))
        edited(text, keys).draw(on: &grid, column: 0, row: 0, width: 7, style: .plain, focused: true)
        #expect(grid.lines == [line])
        #expect(grid.cursor == Point(column: column, row: 0))
    }

    @Test(arguments: [1, 2, 3, 7])
    func `at every cursor place in every width the cursor stays inside`(width: Int) {
        var field = TextField("a会計e\u{301}本\u{1b}番x")
        for _ in 0...field.text.count {
            var grid = Grid(size: Size(columns: 12, rows: 1))
            field.draw(on: &grid, column: 2, row: 0, width: width, style: .plain, focused: true)
            let cursor = grid.cursor?.column ?? -1
            #expect(cursor >= 2 && cursor < 2 + width)
            #expect(grid.row(0).dropFirst(2 + width).allSatisfy { $0 == Cell() })
            _ = field.handle(.left)
        }
    }

    @Test func `a field without the focus shows its beginning and no cursor`() {
        var grid = Grid(size: Size(columns: 12, rows: 1))
        TextField("orders.cluster-c1x9").draw(
            on: &grid, column: 0, row: 0, width: 10, style: .plain, focused: false)
        #expect(grid.lines == ["orders...."])
        #expect(grid.cursor == nil)
    }

    @Test func `arrows with Ctrl go by words`() {
        var field = TextField("one  two three")
        for column in [9, 5, 0, 0] {
            _ = field.handle(.wordLeft)
            #expect(field.cursor == column)
        }
        for column in [3, 8, 14, 14] {
            _ = field.handle(.wordRight)
            #expect(field.cursor == column)
        }
    }
}
