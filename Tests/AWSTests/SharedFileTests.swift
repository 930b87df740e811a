import AWS
import TestSupport
import Testing

/// The rows of facts/aws.md 2.3 about one file.
struct SharedFileTests {
    /// A file, and what a key in it comes to; nil where it is not there.
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var text: String
        var section = "a"
        var key = "k"
        var value: String?
    }

    @Test(arguments: [
        Row(testDescription: "plain", text: "[a]\nk = v\n", value: "v"),
        Row(testDescription: "no line break at the end", text: "[a]\nk=v", value: "v"),
        Row(testDescription: "CR LF", text: "[a]\r\nk = v\r\n", value: "v"),
        Row(testDescription: "byte order mark", text: "\u{feff}[a]\nk = v", value: "v"),
        Row(testDescription: "colon", text: "[a]\nk: v", value: "v"),
        Row(testDescription: "first separator wins, = ", text: "[a]\nk=a:b=c", value: "a:b=c"),
        Row(testDescription: "first separator wins, :", text: "[a]\nk:a=b:c", value: "a=b:c"),
        Row(testDescription: "keys are lower-cased", text: "[a]\nK = V", value: "V"),
        Row(testDescription: "values are stripped", text: "[a]\nk =\t v w \t", value: "v w"),
        Row(testDescription: "a no-break space is stripped", text: "[a]\nk = v\u{a0}", value: "v"),
        Row(testDescription: "quotes stay", text: "[a]\nk = \"v\"", value: "\"v\""),
        Row(testDescription: "empty", text: "[a]\nk =\nl = 1", value: ""),
        Row(testDescription: "percent sign", text: "[a]\nk = 100%s %(x)s", value: "100%s %(x)s"),
        Row(testDescription: "comments", text: "# x\n; y\n[a]\n  # z\nk = v\n  ; w\n", value: "v"),
        Row(
            testDescription: "comment sign in a value", text: "[a]\nk = https://x/start#/ ; v",
            value: "https://x/start#/ ; v"),
        Row(testDescription: "continued", text: "[a]\nk = v\n  w\n\n  # no\n  x = y", value: "v\nw\nx = y"),
        Row(testDescription: "indented bracket continues", text: "[a]\nk = v\n  [b]", value: "v\n[b]"),
        Row(testDescription: "indented header", text: "  [a]\nk = v", value: "v"),
        Row(testDescription: "indented keys under a header", text: "[a]\n  j = 1\n  k = v", value: "v"),
        Row(testDescription: "less indented is a key again", text: "[a]\n    j = 1\n  k = v", value: "v"),
        Row(testDescription: "a block's key is none of the section", text: "[a]\ns3 =\n  k = v", value: nil),
        Row(testDescription: "a block's own value is empty", text: "[a]\nk =\n  j = 1", value: ""),
        Row(testDescription: "duplicate key", text: "[a]\nk = 1\nk = v", value: "v"),
        Row(testDescription: "duplicate section", text: "[a]\nk = 1\nj = 2\n[b]\n[a]\nk = v", value: "v"),
        Row(
            testDescription: "a duplicate section keeps what is not repeated", text: "[a]\nk = v\n[a]\nj = 2",
            value: "v"),
        Row(testDescription: "words behind a header", text: "[a] # comment\nk = v", value: "v"),
        Row(testDescription: "verbatim header", text: "[profile a]\nk = v", section: "profile a", value: "v"),
        Row(testDescription: "junk before", text: "junk\n[a]\njunk\nk = v", value: "v"),
        Row(testDescription: "broken header", text: "[a]\nk = v\n[b\nk = w", value: "v"),
        Row(
            testDescription: "region with a comment", text: "[a]\nregion = us-east-1 # mine", key: "region",
            value: "us-east-1"),
        Row(
            testDescription: "role with a sign and no blank", text: "[a]\nrole_arn = arn:x#y",
            key: "role_arn", value: "arn:x#y"),
    ])
    func `a value is read as the SDKs read it`(row: Row) {
        let file = SharedFile(Array(row.text.utf8))
        #expect(file.sections[row.section]?.values[row.key]?.text == row.value)
    }

    @Test(arguments: [
        ("k = v\n[a]", 1, "a key before any [section]"), ("[a]\nk", 2, "no '='"),
        ("[a]\n\n= v", 3, "no key before"),
        ("[a", 1, "']' is missing"), ("[]\nk = v", 1, "without a name"),
        ("[a]\nk = 1\nk = 2", 3, "k stands twice in [a]"),
        ("[a]\n[b]\n[a]", 3, "[a] stands twice"), ("[a]\ns3 =\n  b", 3, "block s3"),
        ("[a]\nregion = x # y", 2, "comment after region"),
        ("[a]\nregion = x\n  output = json", 3, "goes on with the value of region"),
    ])
    func `an oddity is reported with its line`(text: String, line: Int, words: String) throws {
        let file = SharedFile(Array(text.utf8))
        let complaint = try #require(file.complaints.first)
        #expect(complaint.line == line)
        #expect(complaint.text.contains(words))
        #expect(file.complaints.count == 1)
    }

    @Test func `bytes that are no UTF-8 are reported and spoil one value only`() {
        let file = SharedFile(Array("[a]\nj = ".utf8) + [0xff, 0xfe] + Array("\nk = v".utf8))
        #expect(file.complaints.map(\.line) == [2])
        #expect(file.sections["a"]?.values["k"]?.text == "v")
    }

    @Test func `a block is a map of its own, with lines`() {
        let file = SharedFile(Array("[a]\ns3 =\n  Addressing_Style = path\n  x=\n".utf8))
        let block = file.sections["a"]?.nested["s3"]
        #expect(block?["addressing_style"]?.text == "path")
        #expect(block?["x"]?.line == 4)
    }

    @Test(arguments: [UInt64](1...60))
    func `any bytes are read without a crash, in bounded complaints`(seed: UInt64) {
        var dice = SeededDice(seed: seed)
        let pieces = [
            "[", "]", "=", ":", "\n", "\r\n", " ", "\t", "#", ";", "a", "profile ", "region", "\u{feff}", "é",
            "\0",
        ]
        var bytes: [UInt8] = []
        for _ in 0..<2_000 {
            if Int.random(in: 0..<20, using: &dice) == 0 {
                bytes.append(UInt8.random(in: 0...255, using: &dice))
            } else {
                bytes += (pieces.randomElement(using: &dice) ?? "").utf8
            }
        }
        let file = SharedFile(bytes)
        let lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false).count
        #expect(file.complaints.count <= 100)
        #expect(file.complaints.allSatisfy { (1...lines).contains($0.line) && !$0.text.contains("\n") })
    }
}
