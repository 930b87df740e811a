import Screen

/// What the fixture shows: a header, what the terminal has to be able to do, and a list.
struct Picture {
    var selected = 0
    var heard: [String] = []
    var size: Size
    /// 300 different pairs of colours in the place of the list.
    var showsPairs = false
    /// A character in every cell, the last one too.
    var isFull = false

    /// Painted anew each time, as the real program does.
    var grid: Grid {
        var grid = Grid(size: size)
        if isFull {
            for row in 0..<size.rows {
                grid.put(String(repeating: "#", count: size.columns), column: 0, row: row, style: .plain)
            }
            return grid
        }
        let header = "fixture \(size.columns)x\(size.rows) selected \(selected)"
        grid.put(header, column: 0, row: 0, style: Style(attributes: .reverse))
        grid.put("heard: " + heard.suffix(6).joined(separator: " "), column: 0, row: 1, style: .plain)
        grid.box(Rect(column: 0, row: 2, columns: 24, rows: 3), title: "Box", footer: "end", style: .plain)
        grid.put("会計-本番|", column: 26, row: 2, style: .plain)
        grid.put("e\u{301}t\u{e9}|", column: 26, row: 3, style: .plain)
        grid.put("±Ж…|", column: 50, row: 3, style: .plain)
        let styles: [(String, Style)] = [
            ("palette", Style(foreground: .palette(1), attributes: .bold)),
            ("bright", Style(foreground: .palette(12))),
            ("cube", Style(foreground: .palette(196))),
            ("rgb", Style(foreground: .rgb(10, 200, 250), background: .rgb(40, 40, 40))),
            ("under", Style(attributes: [.underline, .italic, .dim])),
        ]
        var column = 26
        for (name, style) in styles {
            column += 1 + grid.put(name, column: column, row: 4, style: style)
        }
        for row in 5..<max(5, size.rows) {
            let text = "item \(row - 5) PROD W orders.cluster-c1x9 euw1 iam_dba@orders iam 12:41 ok 23ms 2h"
            let style = row - 5 == selected ? Style(attributes: .reverse) : .plain
            grid.fill(Rect(column: 0, row: row, columns: size.columns, rows: 1), style: style)
            grid.put(text, column: 1, row: row, style: style)
        }
        if showsPairs {
            for number in 0..<300 {
                let style = Style(
                    foreground: .palette(UInt8(number % 200)), background: .palette(UInt8(16 + number / 200)))
                grid.put("x", column: number % 60, row: 6 + number / 60, style: style)
            }
        }
        grid.anchor = Point(column: 0, row: 5 + selected)
        return grid
    }
}
