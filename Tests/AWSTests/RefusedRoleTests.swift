import AWS
import TestSupport
import Testing
import Workers

/// What is to be done about a refusal of STS, by AWS's own code.
struct RefusedRoleTests {
    /// AWS as far as one answer goes.
    private struct OneAnswer: HTTPTransport {
        var status: Int
        var body: String

        func send(_ request: HTTPRequest, options: HTTPOptions, wait: Wait) throws(HTTPFailure)
            -> HTTPResponse
        {
            HTTPResponse(status: status, body: Array(body.utf8))
        }
    }

    private static func failure(_ status: Int, _ code: String, _ words: String) throws -> AWSFailure? {
        let folder = try AWSFolder(
            config:
                "[profile a]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\nregion = eu-west-1",
            credentials: AWSFolder.keys("base", id: "AKB"))
        let body =
            "<ErrorResponse><Error><Code>\(code)</Code><Message>\(words)</Message></Error></ErrorResponse>"
        let chain = CredentialChain(
            environment: folder.environment(), transport: OneAnswer(status: status, body: body))
        return #expect(throws: AWSFailure.self) { try chain.report(ProviderTrial.request("a")).get() }
    }

    @Test(arguments: [
        (403, "AccessDenied", "not authorized to perform: sts:AssumeRole", "check the role's trust policy"),
        (
            403, "InvalidClientTokenId", "The security token is invalid.",
            "the access key is deleted, inactive"
        ),
        (
            403, "SignatureDoesNotMatch", "The request signature we calculated does not match",
            "the secret access key does not belong to the access key"
        ),
        (
            403, "SignatureDoesNotMatch", "Signature expired: 20261126T000000Z is now earlier than x",
            "set this machine's clock"
        ),
        (
            403, "SignatureDoesNotMatch", "Signature not yet current: 20261126T000000Z is still later than x",
            "set this machine's clock"
        ),
        (400, "Throttling", "Rate exceeded", "wait a while and try again"),
        (403, "RegionDisabledException", "STS is not activated in this region", "have that region enabled"),
    ])
    func `a role that AWS refuses says what to do by AWS's reason`(
        status: Int, code: String, words: String, remedy: String
    ) throws {
        let failure = try #require(try Self.failure(status, code, words))
        #expect(failure.code == "aws-refused")
        #expect(failure.whatToDo.hasPrefix(remedy), "\(failure.whatToDo)")
        #expect(failure.message.contains(code) && !failure.message.hasSuffix("."))
    }
}
