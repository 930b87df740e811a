import Secrets

/// Presigns the URL that Aurora, RDS and DSQL take in place of a password.
///
/// Byte for byte what botocore's `generate_db_auth_token` answers (facts/aws.md section 1): the text names the
/// session token after the signed headers, the canonical request sorts it before them.
package struct Presigner: Sendable {
    package let request: TokenRequest
    package let time: SigningTime
    private let accessKeyID: String
    private let encodedSessionToken: String?
    private let secretAccessKey: Secret

    /// - Parameters:
    ///   - sessionToken: as botocore tests it: an empty one is emitted, nil is not. ``AuthToken/presign`` leaves
    ///     empty ones away.
    package init(
        request: TokenRequest, accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret?,
        time: SigningTime
    ) {
        self.request = request
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.time = time
        encodedSessionToken = sessionToken.map { PercentEncoding.encode($0.reveal()) }
    }

    private var service: String {
        if case .rds = request.kind { "rds-db" } else { "dsql" }
    }

    private var action: String {
        switch request.kind {
        case .rds(let user): "Action=connect&DBUser=\(PercentEncoding.encode(user))"
        case .dsql: "Action=DbConnect"
        case .dsqlAdmin: "Action=DbConnectAdmin"
        }
    }

    private var scope: String {
        SignatureVersion4.scope(date: time.day, region: request.region, service: service)
    }

    /// What stands before the session token in both forms.
    private var query: String {
        let credential = PercentEncoding.encode("\(accessKeyID)/\(scope)")
        return "\(action)&X-Amz-Algorithm=\(SignatureVersion4.algorithm)&X-Amz-Credential=\(credential)"
            + "&X-Amz-Date=\(time.text)&X-Amz-Expires=\(request.expires)"
    }

    /// The host with its port as the text has it; DSQL has no port anywhere.
    private var authority: String {
        if case .rds = request.kind { "\(request.host):\(request.port)" } else { request.host }
    }

    /// The signed host: lower-cased, without the port where it is the scheme's default.
    private var signedHost: String {
        let host = request.host.lowercased()
        guard case .rds = request.kind, request.port != 443 else { return host }
        return "\(host):\(request.port)"
    }

    /// The canonical request, without a last line break.
    package var canonicalRequest: String {
        canonicalRequest(query)
    }

    private func canonicalRequest(_ query: String) -> String {
        let session = encodedSessionToken.map { "&X-Amz-Security-Token=\($0)" } ?? ""
        return "GET\n/\n\(query)\(session)&X-Amz-SignedHeaders=host\nhost:\(signedHost)\n\nhost\n" + Self.emptyDigest
    }

    /// SHA-256 of nothing: the payload's digest.
    private static let emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    package var stringToSign: String { stringToSign(query) }

    private func stringToSign(_ query: String) -> String {
        SignatureVersion4.stringToSign(
            timestamp: time.text, scope: scope, canonicalRequest: canonicalRequest(query))
    }

    /// The token.
    package func presign() -> Secret {
        let query = query
        let signature = SignatureVersion4.signature(
            of: stringToSign(query), secret: secretAccessKey, date: time.day, region: request.region,
            service: service)
        let session = encodedSessionToken.map { "&X-Amz-Security-Token=\($0)" } ?? ""
        return Secret(
            "\(authority)/?\(query)&X-Amz-SignedHeaders=host\(session)&X-Amz-Signature=\(signature)")
    }
}
