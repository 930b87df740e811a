#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Operations
import Profiles
import Testing

struct TokenMintTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test func `the token is signed for the host as typed, its own region and user`() throws {
        let token = try fixture.mint.mint(Fixture.orders(), now: Fixture.now)
        let text = token.text.reveal()
        #expect(
            text.hasPrefix(
                "Orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com:5432/?Action=connect&DBUser=iam_dba&"
            ))
        #expect(text.contains("%2Feu-west-1%2Frds-db%2Faws4_request"))
        #expect(token.clock.expiresAt == Fixture.now.addingTimeInterval(900))
    }

    @Test func `a signing host stands for the endpoint`() throws {
        let profile = Fixture.orders {
            $0.host = "db.internal.example"
            $0.signingHost = "orders.cluster-c1x9abcdefgh.us-east-2.rds.amazonaws.com:5433"
        }
        let text = try fixture.mint.mint(profile, now: Fixture.now).text.reveal()
        #expect(text.hasPrefix("orders.cluster-c1x9abcdefgh.us-east-2.rds.amazonaws.com:5433/"))
        #expect(text.contains("us-east-2"))
    }

    @Test func `the default region of AWS counts where no name tells one`() throws {
        let profile = Fixture.orders {
            $0.host = "db.internal.example"
            $0.signingHost = "orders.internal.example"
        }
        let abroad = try Fixture(environment: ["AWS_REGION": "ap-south-1"])
        let with = try abroad.mint.mint(profile, now: Fixture.now)
        #expect(with.target.region.rawValue == "ap-south-1")
        let refusal = #expect(throws: Refusal.self) { try fixture.mint.mint(profile, now: Fixture.now) }
        #expect(refusal?.cause == .regionUnknown)
    }

    @Test func `a global writer's region is asked for, and never guessed`() throws {
        var profile = Fixture.orders { $0.host = "orders.global-c1x9abcdefgh.global.rds.amazonaws.com" }
        let abroad = try Fixture(environment: ["AWS_REGION": "ap-south-1"])
        let refusal = #expect(throws: Refusal.self) { try abroad.mint.mint(profile, now: Fixture.now) }
        #expect(
            refusal?.cause == .regionUnknown
                && refusal?.line.contains("set the region of the profile") == true)
        profile.region = Region(rawValue: "eu-west-1")
        #expect(try abroad.mint.mint(profile, now: Fixture.now).target.region.rawValue == "eu-west-1")
    }

    @Test func `an ad hoc token says whose region it took where the name tells none`() throws {
        let abroad = try Fixture(environment: ["AWS_REGION": "ap-south-1"])
        var token = AdHocToken()
        (token.host, token.user) = ("orders.global-c1x9abcdefgh.global.rds.amazonaws.com", "jo")
        token.awsProfile = Fixture.orders().awsProfile
        let guessed = try abroad.mint.sign(token, for: nil, now: Fixture.now)
        #expect(guessed.warnings.count == 1 && guessed.warnings[0].contains("signed for ap-south-1"))
        token.region = "eu-west-1"
        #expect(try abroad.mint.sign(token, for: nil, now: Fixture.now).warnings.isEmpty)
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var name: String
        var code: CauseCode
        var change: @Sendable (inout Profile) -> Void
        var testDescription: String { name }
    }

    @Test(arguments: [
        Fault(name: "loopback", code: .hostNotSignable) { $0.host = "127.0.0.1" },
        Fault(name: "localhost", code: .hostNotSignable) { $0.host = "localhost" },
        Fault(name: "an alias without a region", code: .hostNotSignable) { $0.host = "db.example.com" },
        Fault(name: "no user", code: .profileIncomplete) { $0.user = nil },
        Fault(name: "no TLS", code: .tlsRequiredByToken) { $0.sslmode = .disable },
        Fault(name: "an AWS profile that is not there", code: .awsProfileMissing) { $0.awsProfile = "acm" },
    ])
    func `what cannot be signed is refused with its cause and what to do`(fault: Fault) throws {
        let refusal = #expect(throws: Refusal.self) {
            try fixture.mint.mint(Fixture.orders(fault.change), now: Fixture.now)
        }
        #expect(refusal?.cause == fault.code)
        #expect(refusal?.remedy.isEmpty == false)
        #expect(refusal?.line.contains("\n") == false)
    }

    @Test func `no AWS credentials at all end with the code for credentials`() throws {
        let refusal = #expect(throws: Refusal.self) {
            try fixture.mint.mint(Fixture.orders { $0.awsProfile = nil }, now: Fixture.now)
        }
        #expect(refusal?.kind == .credentials)
        #expect(refusal?.cause == .awsNoCredentials)
    }
}
