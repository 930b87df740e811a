import Postgres
import Testing

struct LibpqMessageTests {
    @Test(arguments: [
        (
            "connection to server at \"10.0.0.1\", port 5432 failed: FATAL:  28000: PAM authentication failed for user "
                + "\"u\"\nLOCATION:  auth_failed, auth.c:340",
            "connection to server at \"10.0.0.1\", port 5432 failed: FATAL:  PAM authentication failed for user \"u\"",
            "28000"
        ),
        // A server that speaks German, and the second failure of sslmode=prefer.
        (
            "FATAL:  28P01: Passwort-Authentifizierung\nFATAL:  28000: pg_hba.conf rejects connection",
            "FATAL:  Passwort-Authentifizierung\nFATAL:  pg_hba.conf rejects connection", "28P01"
        ),
        ("SSL error: certificate verify failed", "SSL error: certificate verify failed", nil),
        ("FATAL:  short", "FATAL:  short", nil), ("FATAL:  12345:", "FATAL:  12345:", nil), ("", "", nil),
        ("FATAL:  abcde: in lower case", "FATAL:  abcde: in lower case", nil),
    ])
    func `the code is taken out of libpq's text, and the place in the source goes`(
        verbose: String, text: String, sqlstate: String?
    ) {
        let message = LibpqMessage(verbose)
        #expect(message.text == text)
        #expect(message.sqlstate == sqlstate)
    }

    @Test(arguments: [
        (
            "ERROR:  42601: syntax error at or near \"\\\"\nLINE 1: \\d\n        ^\nLOCATION:  scanner_yyerror, scan.l:1",
            "ERROR:  syntax error at or near \"\\\""
        ),
        (
            "FEHLER:  42703: Spalte »x«\nZEILE 1: select x\n               ^\nHINT:  Perhaps y.",
            "FEHLER:  Spalte »x« HINT:  Perhaps y."
        ),
        (
            "ERROR:  42703: column \"frm\" does not exist\nLINE 12: frm x\n         ^\nHINT:  Perhaps y.",
            "ERROR:  column \"frm\" does not exist (line 12) HINT:  Perhaps y."
        ),
        (
            "ERROR:  23505: twice\nDETAIL:  Key (n)=(1) exists.\nSCHEMA NAME:  public\nTABLE NAME:  t\n"
                + "CONSTRAINT NAME:  t_pkey\nLOCATION:  _bt_check_unique, nbtinsert.c:664",
            "ERROR:  twice DETAIL:  Key (n)=(1) exists."
        ),
        ("^\n^", "^ ^"), ("", ""),
    ])
    func `one line has message, detail and hint, and no picture of the statement`(
        verbose: String, line: String
    ) {
        #expect(LibpqMessage(verbose).line == line)
    }

    @Test func `a command of psql's is told from other mistakes by the caret`() {
        func points(_ said: String) -> Bool { LibpqMessage("ERROR:  42601: \(said)").pointsAtBackslash }
        #expect(points("syntax error at or near \"\\\"\nLINE 2: \\echo hi\n        ^"))
        #expect(points("Syntaxfehler bei »\\«\nZEILE 1: select 1 \\gset\n                  ^"))
        #expect(!points("syntax error at or near \"x\"\nLINE 1: select '\\' x y\n                   ^"))
        #expect(!points("syntax error at end of input\nLINE 1: \\\n         ^"))
        #expect(!points("division by zero"))
    }
}
