import Profiles
import TestSupport
import Testing

struct PastedTextTests {
    @Test(arguments: [
        ("postgresql://me@h:5433/db?sslmode=require", "postgresql://me@h:5433/db?sslmode=require"),
        (" POSTGRES://me@h/db \n", "postgres://me@h/db"),
        ("jdbc:postgresql://h:5432/db", "postgresql://h:5432/db"),
        ("psql \"host=h port=5432 user=u\"", "host=h port=5432 user=u"),
        ("psql -h h app < dump.sql", "host=h dbname=app"), ("psql -h h app 2>/dev/null", "host=h dbname=app"),
        ("psql -h h -Atc 'a;b' app | less", "host=h dbname=app"),
        ("psql -h h app; rm x", "host=h dbname=app"),
        ("psql -h h app && echo", "host=h dbname=app"), ("$ psql -h h app # prod", "host=h dbname=app"),
        ("psql postgresql://h/db?a=b&c=d", "postgresql://h/db?a=b&c=d"),
        ("PGSERVICE=app psql", "service=app"),
        ("env PGOPTIONS='-c a=b' PGAPPNAME=x psql -h h", "options='-c a=b' application_name=x host=h"),
        ("export DATABASE_URL=\"postgres://me@h/db\"", "postgres://me@h/db"),
        ("APP_DB_2=postgresql://me@h/db", "postgresql://me@h/db"),
        ("psql -h h -p 5433 -U jo -d app", "host=h port=5433 user=jo dbname=app"),
        ("psql -hh -Ujo app", "host=h user=jo dbname=app"),
        ("psql --host=h --dbname app jo", "host=h dbname=app user=jo"),
        ("psql -h h -U me -Atc 'select 1' app", "host=h user=me dbname=app"),
        ("psql --host h --command 'select 1' --set ON_ERROR_STOP=1 app", "host=h dbname=app"),
        ("psql -XAqhh -p5433 --user=me -- app", "host=h port=5433 user=me dbname=app"),
        ("PGPASSWORD=\"$TOKEN\" psql \\\n  \"host=h user=u\"", "password=$TOKEN host=h user=u"),
        (
            "PGPASSWORD=\"$TOKEN\" psql 'postgresql://me@h/db?sslmode=require'",
            "postgresql://me@h/db?sslmode=require&password=%24TOKEN"
        ), ("psql -U me -p 5433 postgresql://h/db", "postgresql://h/db?user=me&port=5433"),
        ("psql -U other -h x -p 1 -d postgresql://me:s@h:2/db? jo", "postgresql://me:s@h:2/db?"),
        ("PGSSLMODE=require psql 'postgresql://[::1]/?user=a'", "postgresql://[::1]/?user=a&sslmode=require"),
        ("psql -p 5433 'postgresql:///db'", "postgresql:///db?port=5433"),
        ("PGHOST=h PGPASSWORD=secret psql -c 'select 1' app", "host=h password=secret dbname=app"),
        ("psql postgresql://me@h/db", "postgresql://me@h/db"), ("host=h user='a b'", "host=h user='a b'"),
        (
            "jdbc:aws-wrapper:postgresql://h:5432/db?wrapperPlugins=iam&sslmode=require&iamRegion=x",
            "postgresql://h:5432/db?sslmode=require"
        ), ("jdbc:aws-wrapper:postgresql://h/db?wrapperPlugins=iam", "postgresql://h/db"),
        (
            "jdbc:postgresql://h/db?user=jo&ApplicationName=DBeaver%2023&ssl=true&loginTimeout=9",
            "postgresql://h/db?application_name=DBeaver%2023&sslmode=verify-full&user=jo"
        ),
        (
            "SPRING_URL=jdbc:postgresql://h/db?password=geheim&currentSchema=app",
            "postgresql://h/db?options=-c%20search_path%3Dapp&password="
        ), ("jdbc:postgresql:app", "dbname=app host=localhost"),
    ])
    func `a connection is recognised in the forms that people paste`(text: String, expected: String) {
        #expect(PastedText.read(text) == .conninfo(expected))
    }

    @Test func `what is the JDBC driver's alone is left out, and said`() {
        let url =
            "jdbc:postgresql://h/db?user=jo&prepareThreshold=0&ApplicationName=x&reWriteBatchedInserts=true"
        for text in [url, " \(url)\n", "export APP_URL='\(url)'"] {
            #expect(
                PastedText.remarks(on: text) == [
                    "prepareThreshold left out: it is the JDBC driver's",
                    "reWriteBatchedInserts left out: it is the JDBC driver's",
                ], "\(text)")
        }
        #expect(PastedText.remarks(on: "postgresql://h/db?user=jo").isEmpty)
    }

    @Test(arguments: [
        "aws rds generate-db-auth-token --hostname h.example --port 5432 --region eu-west-1 --username jo --profile acme",
        "AWS_PROFILE=other AWS_REGION=eu-west-1 aws rds generate-db-auth-token --profile=acme --hostname=h.example --port 5432 --username jo",
        "AWS_PROFILE=acme AWS_DEFAULT_REGION=eu-west-1 /usr/bin/aws rds generate-db-auth-token \\\n --hostname h.example --port 5432 --username jo",
    ])
    func `AWS's command for a token names whose credentials sign, and for which region`(text: String) {
        #expect(
            PastedText.read(text)
                == .token([
                    .host: "h.example", .port: "5432", .user: "jo", .region: "eu-west-1", .awsProfile: "acme",
                ]))
        #expect(PastedText.read("aws rds generate-db-auth-token --hostname $RDSHOST") == .unrecognised)
        #expect(PastedText.read("aws rds generate-db-auth-token --username jo") == .unrecognised)
    }

    @Test func `a psql line whose password AWS's command makes says who signs`() {
        let aws = "aws rds generate-db-auth-token --hostname h.example --region eu-west-1 --profile acme"
        for command in ["\"$(\(aws))\"", "\"`\(aws)`\"", "'$( \(aws) )'"] {
            let line = "PGPASSWORD=\(command) psql 'host=localhost user=jo'"
            #expect(
                PastedText.signer(of: line)
                    == [.host: "h.example", .region: "eu-west-1", .awsProfile: "acme"], "\(line)")
            // What makes tokens is no secret that was dropped.
            #expect(PastedText.read(line) == .conninfo("host=localhost user=jo"), "\(line)")
        }
        for line in ["PGPASSWORD=secret psql -h h", "psql -h h", aws, "PGPASSWORD='$(\(aws)"] {
            #expect(PastedText.signer(of: line) == nil, "\(line)")
        }
        var profile = Profile(name: "x", host: "localhost")
        profile.user = "jo"
        try? profile.apply(signer: [.host: "H.example.", .port: "5433", .user: "other", .region: "eu-west-1"])
        #expect(profile.auth == .iam && profile.user == "jo" && profile.region?.rawValue == "eu-west-1")
        #expect(profile.signingHost?.lowercased().hasPrefix("h.example") == true)
    }

    @Test func `a bare endpoint is one, a bare word is not`() {
        let host = "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com"
        #expect(PastedText.read("\(host)\n") == .endpoint(host: host, port: nil))
        #expect(PastedText.read("\(host).") == .endpoint(host: host, port: nil))
        #expect(PastedText.read("\(host):5433") == .endpoint(host: host, port: 5433))
        for text in [
            "orders", "", "   ", "select 1;", "two words", "a=b", "psql", "psql \"open",
            String(repeating: "x.y", count: 40_000),
        ] {
            #expect(PastedText.read(text) == .unrecognised, "\(text.prefix(40))")
        }
    }

    @Test func `settings fill fields, secrets are dropped and TLS is never lowered for RDS`() {
        var profile = Profile()
        let notes = profile.apply(settings: [
            "host": "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com", "port": "5433", "user": "jo",
            "dbname": "app",
            "password": "", "sslmode": "require", "keepalives": "1", "hostaddr": "10.0.0.1",
        ])
        #expect(
            profile.port == 5433 && profile.user == "jo" && profile.database == "app"
                && profile.dial == "10.0.0.1")
        #expect(profile.parameters == ["keepalives": "1"] && profile.sslmode == .verifyFull)
        #expect(
            notes.contains { $0.hasPrefix("password dropped") }
                && notes.contains { $0.hasPrefix("sslmode require not taken") })
    }

    @Test func `text of any kind never traps`() {
        var generator = SeededDice(seed: 11)
        let alphabet = Array("psql -hUd=:'\"\\/@[]?&%\n\t\u{0}\u{1b}é会postgresql://aws ")
        for _ in 0..<5000 {
            let text = String(
                (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                    alphabet.randomElement(using: &generator) ?? " "
                })
            var profile = Profile()
            if case .conninfo(let conninfo) = PastedText.read(text), let settings = Conninfo.read(conninfo) {
                _ = profile.apply(settings: Dictionary(settings.map { ($0.keyword, $0.value) }) { $1 })
            }
            #expect(ProfileFilter(text).isEmpty == text.allSatisfy(\.isWhitespace))
        }
    }
}
