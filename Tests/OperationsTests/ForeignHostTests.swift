import Operations
import Profiles
import TestSupport
import Testing

/// Hosts and logins as other programs' files write them.
struct ForeignHostTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private func read(_ text: String, _ name: String = "file") throws -> Intake {
        let path = try fixture.folder.write(text, to: name)
        return try Importer(fixture.book, home: nil).read(path, format: nil)
    }

    private static let rds = ImporterTests.rds

    @Test func `AWS's command for a token is an IAM login, for an alias too`() throws {
        let intake = try read(
            "aws rds generate-db-auth-token --hostname db.example.com --port 5432 --username jo --profile acme --region us-east-1\n"
        )
        let item = try #require(intake.items.first, "\(intake)")
        #expect(
            item.profile.host == "db.example.com" && item.profile.user == "jo" && item.profile.auth == .iam)
        #expect(item.profile.awsProfile == "acme" && item.profile.region?.rawValue == "us-east-1")
        // Whose credentials sign is personal.
        #expect(item.toApprove == [PersonalValue("aws_profile", "acme")] && item.notes.isEmpty)
    }

    @Test(arguments: [
        ("postgresql://jo:pw@db.example.com/x", Authentication.password),
        ("postgresql://jo:pw@\(rds)/x", .iam),
        ("host=db.example.com user=jo passfile=/home/jo/.pgpass", .pgpass),
    ])
    func `a login with a secret is the same one by import and by paste`(text: String, auth: Authentication)
        throws
    {
        let intake = try read(text + "\n")
        #expect(intake.items.first?.profile.auth == auth, "\(intake)")
        var pasted = Profile()
        _ = pasted.apply(settings: try PastedConninfo.settings(of: text))
        #expect(pasted.auth == auth)
        // What was chosen already is nothing that a paste knows better.
        var chosen = Profile()
        chosen.auth = .none
        _ = chosen.apply(settings: try PastedConninfo.settings(of: text))
        #expect(chosen.auth == .none)
    }

    @Test func `a port behind a host is its port, and one that contradicts it keeps the row out`() throws {
        let intake = try read("Host,User name,Port\nh.example:5439,jo,\nk.example:1,jo,5432\n", "odd.csv")
        let item = try #require(intake.items.first, "\(intake)")
        #expect(item.profile.host == "h.example" && item.profile.port == 5439 && item.profile.user == "jo")
        #expect(item.notes == ["port 5439 taken from the host"])
        #expect(intake.items.count == 1)
        #expect(intake.problems.count == 1 && intake.problems[0].contains("has a port in it"), "\(intake)")
        #expect(intake.notes.isEmpty, "\(intake)")
    }

    @Test func `what an earlier version has exported comes back mended`() throws {
        let intake = try read(#"{"name":"a","host":"h.example:6000","port":5432,"auth":"none"}"# + "\n")
        let item = try #require(intake.items.first, "\(intake)")
        #expect(item.profile.host == "h.example" && item.profile.port == 6000)
        #expect(intake.notes.contains { $0.contains("port 6000 taken from the host") })
    }
}
