import Operations
import Profiles
import TestSupport
import Testing

struct PastedConninfoTests {
    @Test(arguments: [
        ("postgresql://jo@h:5433/app?schema=public", ["schema"]),
        ("postgresql://jo@h:5433/app?schema=a%20b&connection_limit=5&", ["connection_limit", "schema"]),
        ("postgresql://jo:p%3Fa&b@h:5433/app?pool-timeout=5&sslmode=require&x.y", ["pool-timeout", "x.y"]),
        ("postgresql://jo:p?a&b=c@h:5433/app?ssl=require", ["ssl"]),
    ])
    func `a URI that other programs gave parameters of their own is read without these, which is said`(
        text: String, foreign: [String]
    ) throws {
        let (settings, notes) = try PastedConninfo.read(text)
        #expect(
            settings["host"] == "h" && settings["port"] == "5433" && settings["user"] == "jo"
                && settings["dbname"] == "app")
        #expect(settings["sslmode"] == (text.contains("sslmode") ? "require" : nil))
        #expect(settings["password"] == (text.contains(":p") ? "" : nil))
        #expect(notes == foreign.map { "\($0) left out: libpq does not know it" })
        // A reader of files leaves them out itself.
        #expect(try Set(PastedConninfo.settings(of: text).keys).isSuperset(of: foreign))
    }

    @Test(arguments: [
        "postgresql://jo:a/b?x=1&y=z@h/app?sslmode=require", "postgresql://jo@h:5433/app?sch%20ema=public",
        "postgresql://jo@[::1/app?schema=public", "host=h schema=public",
    ])
    func `what may be a piece of a password, and what libpq refuses besides, keeps the text out`(text: String)
    {
        #expect(throws: Refusal.self) { try PastedConninfo.read(text) }
    }

    @Test func `what libpq knows stays as it is`() throws {
        let (settings, notes) = try PastedConninfo.read("postgresql://jo@h/app?ssl=true&keepalives_idle=9")
        #expect(settings["sslmode"] == "require" && settings["keepalives_idle"] == "9" && notes.isEmpty)
    }
}
