#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import Profiles
import TestSupport
import Testing

/// Calls whose signatures somebody else verifies.
@Suite(
    .enabled(if: Python.hasMoto, "moto is not here: pip install 'moto[server]' in a venv"),
    .timeLimit(.minutes(14)))
struct MotoTests {
    let moto: MotoFleet
    let folder: AWSFolder

    init() throws {
        moto = try MotoFleet.shared.get()
        folder = try AWSFolder(
            config: """
                [profile dba]
                role_arn = \(moto.facts["role"]?.string ?? "")
                source_profile = jo
                [profile pod]
                role_arn = \(moto.facts["role"]?.string ?? "")
                credential_source = Ec2InstanceMetadata
                """,
            credentials: "[jo]\naws_access_key_id = \(moto.keyID)\naws_secret_access_key = \(moto.secret)\n"
                + "[forger]\naws_access_key_id = \(moto.keyID)\naws_secret_access_key = planted\n"
                + "[stranger]\naws_access_key_id = AKIASTRANGER\naws_secret_access_key = planted\n")
    }

    private func chain(_ more: [String: String] = [:]) -> CredentialChain {
        CredentialChain(environment: folder.environment(moto.environment.merging(more) { $1 }))
    }

    private func identity(_ profile: String) throws -> CallerIdentity {
        let (chain, request) = (chain(), ProviderTrial.request(profile))
        return try chain.callerIdentity(try chain.report(request).get(), request)
    }

    @Test func `a signed call tells whose keys they are`() throws {
        let identity = try identity("jo")
        #expect(identity.arn == moto.facts["user"]?.string && identity.account == "123456789012")
    }

    @Test func `a role's credentials sign as the role`() throws {
        #expect(try identity("dba").arn.hasPrefix("arn:aws:sts::123456789012:assumed-role/DBA/pgfob-"))
    }

    @Test(arguments: [("forger", "SignatureDoesNotMatch"), ("stranger", "InvalidClientTokenId")])
    func `keys that are wrong are refused in AWS's words`(profile: String, code: String) throws {
        let failure = try #require(throws: AWSFailure.self) { try identity(profile) }
        #expect(failure.code == "aws-refused" && failure.message.contains(code))
        #expect(!"\(failure)".contains("planted"))
    }

    @Test func `an endpoint's owner is found by any of its names`() throws {
        let chain = chain()
        let request = ProviderTrial.request("jo")
        let credentials = try chain.report(request).get()
        let region = try #require(Region(rawValue: "eu-west-1"))
        let hosts = [
            moto.cluster["Endpoint"], moto.cluster["ReaderEndpoint"],
            moto.facts["instance"]?["Endpoint"]?["Address"],
        ]
        for host in hosts {
            let owner = try chain.owner(
                of: try #require(host?.string).uppercased(), region: region, credentials, request)
            #expect(owner.account == "123456789012" && owner.isIAMEnabled == true)
            #expect(owner.resourceID == moto.cluster["DbClusterResourceId"]?.string)
        }
        let failure = try #require(throws: AWSFailure.self) {
            try chain.owner(
                of: "gone.cluster-c1.eu-west-1.rds.amazonaws.com", region: region, credentials, request)
        }
        #expect(failure.message.hasPrefix("nothing in eu-west-1 has the endpoint gone."))
    }

    @Test func `an instance's role is found, and moto does not know its keys`() throws {
        let chain = chain(["AWS_EC2_METADATA_DISABLED": "false"])
        let credentials = try chain.report(ProviderTrial.request(nil)).get()
        #expect(credentials.provider == "instance role default-role" && credentials.expiresAt != nil)
        let failure = try #require(throws: AWSFailure.self) {
            try chain.report(ProviderTrial.request("pod")).get()
        }
        #expect(failure.message.contains("InvalidClientTokenId"))
    }

    @Test func `AWS's clock is read off its answers`() throws {
        let (chain, request) = (chain(), ProviderTrial.request("jo"))
        #expect(chain.skew.seconds == nil)
        _ = try chain.callerIdentity(try chain.report(request).get(), request)
        #expect(abs(try #require(chain.skew.seconds)) < 5)
    }
}
