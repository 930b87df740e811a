#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import Profiles
import Secrets
import SigV4

extension TokenMint {
    /// Signs what the command line names: a profile, or a host with its options, at a time of its own.
    ///
    /// It signs what it is told; what cannot be an RDS endpoint, or names another region than the host does, is
    /// warned about.
    ///
    /// - Throws: ``Refusal``: `failed` for a profile that logs in without a token, `usage` for a wrong option,
    ///   `credentials` for AWS.
    package func sign(
        _ adHoc: AdHocToken, for profile: Profile?, now: Date, options: SignerOptions = SignerOptions()
    ) throws(Refusal) -> (token: Secret, warnings: [String]) {
        var request: TokenRequest
        var warnings: [String] = []
        if let profile {
            guard profile.auth == .iam else {
                throw Refusal(
                    .failed, "\(profile.name) logs in \(profile.auth.manner) and has no token",
                    do: "`pgfob connect \(profile.name)` needs none; set auth to iam where it should have one"
                )
            }
            let followed = followed(profile, options)
            request = TokenRequest(try target(of: followed))
            if let life { request.expires = life }
            if followed.host != profile.host {
                warnings.append("\(profile.host) is an alias: the token is signed for \(followed.host)")
            }
        } else {
            (request, warnings) = try self.request(adHoc)
        }
        if let expires = adHoc.expires { request.expires = expires }
        guard request.hasAcceptedLife else {
            throw Refusal(
                .usage, "--expires \(request.expires) is not accepted by the server",
                do: "give 1 to \(request.longestLife) seconds")
        }
        let signer = Self.request(profile?.awsProfile ?? adHoc.awsProfile, now, options)
        guard let at = adHoc.at else {
            do throws(AWSFailure) {
                return (try source.token(for: request, as: signer, fresh: true).text, warnings)
            } catch {
                throw Refusal(error)
            }
        }
        // A time of the caller's own: nothing is corrected, and nothing is kept.
        guard let time = SigningTime(at) else {
            throw Refusal(
                .usage, "--at \"\(DialAddress.shown(at))\" is not a time", do: "write it as 20261124T140358Z")
        }
        let credentials = try credentials(profile: signer.profile, now: now, options: options)
        return (AuthToken.presign(request, credentials: credentials.signing, at: time).text, warnings)
    }

    private func request(_ adHoc: AdHocToken) throws(Refusal) -> (TokenRequest, [String]) {
        let host = adHoc.host ?? ""
        // botocore signs an address in brackets, too, which no profile has.
        let isAddress = host.hasPrefix("[") && host.hasSuffix("]") && host.contains(":")
        guard HostSyntax.isValid(isAddress ? String(host.dropFirst().dropLast()) : host) else {
            throw Refusal(
                .usage, "--host \"\(DialAddress.shown(host))\" is not a host name",
                do: "give the endpoint's name without blanks or line breaks")
        }
        let port = adHoc.port ?? Profile.defaultPort
        guard (1...65_535).contains(port) else {
            throw Refusal(.usage, "--port \(port) is not a port", do: "give 1 to 65535")
        }
        let name = HostName(host)
        guard let user = adHoc.user, !user.isEmpty else {
            throw Refusal(.usage, "--user is missing", do: "a token is signed for one database user")
        }
        guard let region = adHoc.region ?? name.region?.rawValue ?? defaultRegion(of: adHoc.awsProfile) else {
            throw Refusal(
                .usage, "the region of \(host) is not in its name", do: "add --region", cause: .regionUnknown)
        }
        guard let valid = Region(rawValue: region) else {
            let whose = adHoc.region == nil ? "the region of the AWS configuration," : "--region"
            throw Refusal(
                .usage, "\(whose) \"\(DialAddress.shown(region))\" is no region",
                do: adHoc.region == nil ? "correct it, or add --region" : "write it as eu-west-1")
        }
        var warnings: [String] = []
        if !name.isSignable {
            warnings.append(
                "\(host) is not an RDS or DSQL endpoint: the server will refuse a token signed for it")
        } else if host.hasSuffix(".") {
            warnings.append(
                "\(host) ends with a dot, which the server's own name does not: it will refuse a token signed for it"
            )
        } else if let named = name.region, named != valid {
            warnings.append("\(host) lies in \(named), and the token is signed for \(valid)")
        } else if name.region == nil, adHoc.region == nil {
            warnings.append(
                "\(host) tells no region, and the token is signed for \(valid) of the AWS configuration: --region "
                    + "names another")
        }
        let kind: TokenRequest.Kind =
            name.kind == .dsql ? (user == "admin" ? .dsqlAdmin : .dsql) : .rds(user: user)
        return (TokenRequest(host: host, port: port, kind: kind, region: valid.rawValue), warnings)
    }
}
