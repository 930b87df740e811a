import Profiles
import Testing

/// What is shown of a line while it is typed.
struct MaskedTextTests {
    @Test(arguments: [
        ("host=h password=abc dbname=d", "host=h password=*** dbname=d"),
        ("password = 'a b' user=u", "password = '***' user=u"),
        ("password='a \\' b", "password='******"),
        ("PGPASSWORD=s3 psql", "PGPASSWORD=** psql"),
        (
            "postgresql://u@h/d?password=abc&sslmode=require",
            "postgresql://u@h/d?password=***&sslmode=require"
        ),
        ("postgres://jo:p@ss@h:5432/d", "postgres://jo:****@h:5432/d"),
        ("postgres://jo:12345", "postgres://jo:12345"), ("postgres://jo:123456", "postgres://jo:******"),
        ("postgres://h:5432/d", "postgres://h:5432/d"),
        ("postgres://[::1]:5432/d", "postgres://[::1]:5432/d"),
        ("password=", "password="), ("password", "password"), ("", ""), ("://", "://"), ("://a:", "://a:"),
    ])
    func `a password is starred as far as it is typed, and nothing else`(line: String, shown: String) {
        #expect(SecretText.masked(line) == shown)
        #expect(SecretText.masked(line).count == line.count)
    }

    @Test func `every beginning of a line can be shown, as long as it is`() {
        let line = "psql 'postgresql://jo:hunter2@h.example:5432/d?password=\\x y' passwd='\u{e9}\u{1F4B0}'"
        for length in 0...line.count {
            let typed = String(line.prefix(length))
            #expect(SecretText.masked(typed).count == typed.count)
        }
    }
}
