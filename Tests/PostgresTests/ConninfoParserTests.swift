import Postgres
import Profiles
import Testing

struct ConninfoParserTests {
    @Test(arguments: [
        (
            "postgresql://iam_dba@orders.example:6543/orders?sslmode=verify-full",
            [
                "host": "orders.example", "port": "6543", "user": "iam_dba", "dbname": "orders",
                "sslmode": "verify-full",
            ]
        ),
        (
            "host=orders.example  port = 5432 user='a b'",
            ["host": "orders.example", "port": "5432", "user": "a b"]
        ),
        ("postgres:///?host=/var/run/postgresql", ["host": "/var/run/postgresql"]), ("", [:]),
    ])
    func `libpq reads URIs and keywords, and adds no defaults`(text: String, settings: [String: String])
        throws
    {
        let parsed = try ConninfoParser.parse(text)
        #expect(parsed.settings == settings)
        #expect(parsed.droppedSecrets.isEmpty)
    }

    @Test(arguments: [
        "postgresql://u:open%20sesame@h/d", "host=h dbname=d user=u password='open sesame'",
        "postgresql://u@h/d?password=open%20sesame",
    ])
    func `a password is dropped and said`(text: String) throws {
        let parsed = try ConninfoParser.parse(text)
        #expect(parsed.settings == ["user": "u", "host": "h", "dbname": "d"])
        #expect(parsed.droppedSecrets == ["password"])
    }

    @Test(arguments: [
        "postgresql://u:open%zzsesame@h/d", "host=h opensesame", "postgresql://u:opensesame@[::1/d",
        "host='opensesame", "postgresql://u:opensesame@h:1:2:3/%", "postgresql://h/d?=opensesame=x",
        "host=h\0password=opensesame", "postgresql://h/d?password=opensesame%zz",
    ])
    func `what libpq cannot read is refused without a piece of it`(text: String) throws {
        let problem = try #require(throws: ConninfoProblem.self) { try ConninfoParser.parse(text) }
        #expect(!problem.message.isEmpty)
        #expect(!problem.message.contains("\n"))
        #expect(!problem.message.contains("sesame"))
    }

    @Test func `an unknown keyword is named`() throws {
        let problem = try #require(throws: ConninfoProblem.self) { try ConninfoParser.parse("hots=orders") }
        #expect(problem.message.contains("\"hots\""))
    }

    @Test func `the loaded libpq tells which keywords it knows`() {
        let known = ConninfoParser.knownKeywords()
        #expect(known.isSuperset(of: Parameters.fields.keys))
        #expect(!known.contains("hots"))
        #expect(Libpq.version >= 100_000)
    }

    @Test(arguments: [
        [("host", "orders.example"), ("user", "a b'c\\d"), ("options", "-c search_path=x\\ y")],
        [("host", "::1"), ("dbname", "会計 本番"), ("application_name", "")],
        [("user", "50%"), ("host", "h"), ("dbname", "a/b?c#d"), ("options", "&=+")],
    ])
    func `what Profiles prints libpq reads back`(pairs: [(String, String)]) throws {
        let conninfo = Conninfo(pairs.map { (key: $0.0, value: $0.1) })
        let settings = Dictionary(pairs) { $1 }
        #expect(try ConninfoParser.parse(conninfo.keywordText).settings == settings)
        // A URI has no way to say that a value is there and empty.
        #expect(
            try ConninfoParser.parse(conninfo.uriText).settings.filter { !$0.value.isEmpty }
                == settings.filter { !$0.value.isEmpty })
    }
}
