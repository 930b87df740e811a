import EventLoop
import Testing

/// The line before psql, on terminals of any width.
struct BannerTests {
    private static let text =
        "-- pgfob: orders-writer [PROD] iam_dba@orders via eu-west-1, token valid 15:00, read-only --"

    @Test(arguments: [
        (92, [text]),
        (
            91,
            [
                "-- pgfob: orders-writer [PROD] iam_dba@orders via eu-west-1, token valid 15:00 --",
                "-- read-only --",
            ]
        ),
        (
            80,
            [
                "-- pgfob: orders-writer [PROD] iam_dba@orders via eu-west-1 --",
                "-- token valid 15:00, read-only --",
            ]
        ),
        (
            10,
            [
                "-- pgfob: orders-writer [PROD] iam_dba@orders via eu-west-1 --", "-- token valid 15:00 --",
                "-- read-only --",
            ]
        ),
    ])
    func `what finds no room in one line goes on in the next, and says all`(columns: Int, lines: [String]) {
        #expect(Banner.lines(Self.text, columns: columns) == lines)
    }

    @Test func `no control character of a name reaches the terminal`() {
        #expect(Banner.lines("-- pgfob: a\u{1b}[2Jb --", columns: 80) == ["-- pgfob: a\u{fffd}[2Jb --"])
    }
}
