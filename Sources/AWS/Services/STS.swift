#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Secrets
import SigV4

/// The calls of AWS STS (API version 2011-06-15).
struct STS: Sendable {
    /// Whose credentials they are.
    struct Identity: Sendable, Hashable {
        var account: String
        var arn: String
        var userID: String
    }

    /// Temporary credentials and the role that they stand for.
    struct Session: Sendable {
        var signing: SigningCredentials
        var expiresAt: Date
        var arn: String?
    }

    private static let version = "2011-06-15"

    let caller: ServiceCaller
    /// Nil calls the global endpoint.
    let region: Region?

    func assumeRole(
        _ parameters: [(String, String)], credentials: SigningCredentials
    ) throws(ServiceFailure) -> Session {
        try session(
            try caller.query(
                .sts, "AssumeRole", version: Self.version, parameters: parameters, credentials: credentials,
                region: region))
    }

    func assumeRoleWithWebIdentity(_ parameters: [(String, String)]) throws(ServiceFailure) -> Session {
        try session(
            try caller.query(
                .sts, "AssumeRoleWithWebIdentity", version: Self.version, parameters: parameters,
                credentials: nil,
                region: region))
    }

    func callerIdentity(_ credentials: SigningCredentials) throws(ServiceFailure) -> Identity {
        let result = try caller.query(
            .sts, "GetCallerIdentity", version: Self.version, parameters: [], credentials: credentials,
            region: region)
        guard let account = result.text("Account"), let arn = result.text("Arn") else {
            throw ServiceFailure(code: "", message: "STS answered without an ARN", status: 200)
        }
        return Identity(account: account, arn: arn, userID: result.text("UserId") ?? "")
    }

    private func session(_ result: XMLNode) throws(ServiceFailure) -> Session {
        guard let credentials = result["Credentials"], let id = credentials.text("AccessKeyId"),
            let secret = credentials.text("SecretAccessKey"), let token = credentials.text("SessionToken"),
            let end = credentials.text("Expiration").flatMap(Timestamp.parse)
        else { throw ServiceFailure(code: "", message: "STS answered without credentials", status: 200) }
        return Session(
            signing: SigningCredentials(
                accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: Secret(token)),
            expiresAt: caller.skew.local(end), arn: result.text("AssumedRoleUser", "Arn"))
    }
}
