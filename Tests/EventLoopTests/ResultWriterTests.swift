import EventLoop
import Operations
import Profiles
import Synchronization
import TestSupport
import Testing

/// How answers are written.
struct ResultWriterTests {
    private final class Text: Sendable {
        let all = Mutex("")
        func add(_ text: String) { all.withLock { $0 += text } }
        var value: String { all.withLock { $0 } }
    }

    private func written(_ format: ResultFormat, _ events: [ResultEvent], end: StatementsEnd = .ok) -> String
    {
        let text = Text()
        var writer = ResultWriter(format, Profile(name: "orders", host: "h")) { lines, _ in text.add(lines) }
        for event in events { writer.take(event) }
        writer.finish(end, milliseconds: 12.34)
        return text.value
    }

    private static let columns: [ResultColumn] = [
        ResultColumn(name: "n", type: 23), ResultColumn(name: "word", type: 25),
        ResultColumn(name: "ok", type: 16),
    ]

    @Test func `a table is aligned, numbers to the right, wide letters counted`() {
        let text = written(
            .table,
            [.columns(Self.columns), .row(["1", "会計", "t"]), .row(["100", nil, "f"]), .done("SELECT 2")])
        #expect(
            text == """
                -- orders --
                 n   | word | ok
                -----+------+----
                   1 | 会計 | t
                 100 |      | f
                (2 rows)

                """)
    }

    @Test func `what a terminal would obey is shown and not done`() {
        let text = written(.table, [.columns([Self.columns[1]]), .row(["\u{1b}[2J x"]), .done("SELECT 1")])
        #expect(!text.contains("\u{1b}"))
        #expect(text.split(separator: "\n").count == 5)
    }

    @Test func `a value of several lines is shown on several, marked as psql marks them`() {
        let text = written(
            .table,
            [
                .columns(Self.columns), .row(["1", "one\n\nthree and more", "t"]),
                .row(["2", "dos\r\nend\r", nil]), .done("SELECT 2"),
            ])
        #expect(
            text
                == """
                -- orders --
                 n | word           | ok
                ---+----------------+----
                 1 | one           +| t
                   |               +|
                   | three and more |
                 2 | dos\\r         +|
                   | end\\r          |
                (2 rows)

                """)
    }

    @Test func `CSV quotes what it must, has NULL as nothing, and a header once for the same columns`() {
        let answer: [ResultEvent] = [
            .columns(Self.columns), .row(["1", "a,\"b\"\nc", nil]), .row(["2", "", "t"]), .done("SELECT 2"),
        ]
        #expect(
            written(.csv, answer + answer.prefix(2) + [.done("SELECT 1")])
                == "profile,n,word,ok\norders,1,\"a,\"\"b\"\"\nc\",\norders,2,\"\",t\norders,1,\"a,\"\"b\"\"\nc\",\n"
        )
    }

    @Test func `JSON has numbers and truth as such, NaN as a text, and every name once`() throws {
        let columns = [
            ResultColumn(name: "n", type: 1700), ResultColumn(name: "n", type: 701),
            ResultColumn(name: "b", type: 16),
        ]
        let lines = written(
            .json,
            [
                .columns(columns), .row(["-1.50", "NaN", "f"]), .row(["1e10", "Infinity", nil]),
                .done("SELECT 2"),
            ],
            end: .failed("ERROR:  x", sqlstate: "22012")
        ).split(separator: "\n").map(String.init)
        #expect(lines[0] == #"{"profile":"orders","result":1,"row":{"n":-1.50,"n_2":"NaN","b":false}}"#)
        #expect(lines[1] == #"{"profile":"orders","result":1,"row":{"n":1e10,"n_2":"Infinity","b":null}}"#)
        #expect(
            lines[2]
                == #"{"profile":"orders","outcome":"failed","rows":2,"command":"SELECT 2","duration_ms":12.3,"sqlstate":"22012","message":"ERROR:  x"}"#
        )
    }

    @Test(arguments: [
        (["x", "x", "x_2"], ["x", "x_3", "x_2"]), (["x", "x_2", "x"], ["x", "x_2", "x_3"]),
        (["x_2", "x", "x", "x"], ["x_2", "x", "x_3", "x_4"]),
        (["x", "x", "x_2", "x_2"], ["x", "x_3", "x_2", "x_2_2"]),
        (["?column?", "?column?"], ["?column?", "?column?_2"]),
    ])
    func `a name that is made for a column is no other column's`(named: [String], shown: [String]) {
        let columns = named.map { ResultColumn(name: $0, type: 23) }
        let values = named.indices.map { "\($0)" }
        let members = zip(shown, values).map { "\"\($0)\":\($1)" }.joined(separator: ",")
        let text = written(.json, [.columns(columns), .row(values), .done("SELECT 1")])
        #expect(text.contains("\"row\":{\(members)}}"), "\(text)")
    }

    @Test func `a command without rows says what it did, in the table alone`() {
        #expect(written(.table, [.done("CREATE TABLE")]) == "-- orders --\nCREATE TABLE\n")
        #expect(written(.csv, [.done("CREATE TABLE")]) == "")
    }

    @Test func `rows beyond those that decide the widths are not cut, and those before a failure are shown`()
    {
        var events: [ResultEvent] = [.columns([Self.columns[0]])]
        for n in 1...300 { events.append(.row([n == 300 ? "1234567890" : "1"])) }
        let text = written(.table, events, end: .cancelled)
        #expect(text.contains(" 1234567890\n"))
        #expect(text.split(separator: "\n").count == 303)
    }
}
