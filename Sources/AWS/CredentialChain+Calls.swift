import Profiles

/// Whose credentials they are, as AWS itself says (AWS STS API Reference, "GetCallerIdentity").
package struct CallerIdentity: Sendable, Hashable {
    package var account: String
    package var arn: String
    package var userID: String
}

extension CredentialChain {
    /// The names of the profiles in the two files.
    package var profileNames: [String] { sharedConfig.profileNames }

    /// Asks AWS for its time, unsigned and only once; what its clock says is in ``skew`` then.
    package func measureClock(_ request: CredentialRequest) {
        var caller = caller(for: request)
        caller.attempts = 1
        let region = try? region(for: request)
        _ = try? caller.query(
            .sts, "GetCallerIdentity", version: "2011-06-15", parameters: [], credentials: nil, region: region
        )
    }

    /// Asks STS; needs no permission.
    ///
    /// - Throws: ``AWSFailure``.
    package func callerIdentity(
        _ credentials: Credentials, _ request: CredentialRequest
    ) throws(AWSFailure) -> CallerIdentity {
        let region = try region(for: request)
        do throws(ServiceFailure) {
            let identity = try STS(caller: caller(for: request), region: region)
                .callerIdentity(credentials.signing)
            return CallerIdentity(account: identity.account, arn: identity.arn, userID: identity.userID)
        } catch {
            throw Self.refused("GetCallerIdentity", error, credentials)
        }
    }

    /// Asks RDS which cluster, instance or proxy has an endpoint.
    ///
    /// - Throws: ``AWSFailure``, also where nothing has it.
    package func owner(
        of host: String, region: Region, _ credentials: Credentials, _ request: CredentialRequest
    ) throws(AWSFailure) -> RDSLookup.Owner {
        let lookup = RDSLookup(caller: caller(for: request), credentials: credentials.signing, region: region)
        let owner: RDSLookup.Owner?
        do throws(ServiceFailure) { owner = try lookup.owner(of: host) } catch {
            throw Self.refused("the RDS API", error, credentials)
        }
        guard let owner else {
            var unknown = AWSFailure(
                "aws-refused", "nothing in \(region) has the endpoint \(host.shown) for these credentials",
                do: "check the host's name, the region and the AWS profile")
            unknown.concernsCredentials = false
            throw unknown
        }
        return owner
    }

    static func refused(_ what: String, _ failure: ServiceFailure, _ credentials: Credentials)
        -> AWSFailure
    {
        let ended = ["ExpiredToken", "ExpiredTokenException"].contains(failure.code)
        if ended {
            return AWSFailure(
                "aws-expired", "AWS says that the credentials (\(credentials.provider)) have ended",
                do: credentials.renewal)
        }
        if var broken = failure.ofSettings(what) {
            broken.concernsCredentials = false
            return broken
        }
        var refusal = AWSFailure(
            "aws-refused", "\(what) was not answered: \(failure.message)",
            do: failure.remedy(
                refused: "check that these credentials (\(credentials.provider)) are good and may call it"))
        refusal.concernsCredentials = badKeys.contains(failure.code)
        return refusal
    }

    /// What AWS answers to keys that it does not know (IAM and EC2 API References, "Common Errors").
    private static let badKeys: Set<String> = [
        "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "AuthFailure",
        "SignatureDoesNotMatch", "MissingAuthenticationToken", "IncompleteSignature",
    ]
}
