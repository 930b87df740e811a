import Secrets

/// Presigns the URL that Aurora, RDS and DSQL take in place of a password.
///
/// Byte for byte what botocore's `generate_db_auth_token` answers (facts/aws.md section 1): the text names the
/// session token after the signed headers, the canonical request sorts it before them.
package struct Presigner: Sendable {
    package let request: TokenRequest
    package let time: SigningTime
    private let accessKeyID: String
    private let secretAccessKey: Secret
    private let sessionToken: Secret?

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
        self.sessionToken = sessionToken
        self.time = time
    }

    /// The canonical request, without a last line break. Holds the session token.
    package var canonicalRequest: String { String(decoding: parts.canonicalRequest, as: UTF8.self) }

    /// What is signed: the time, the scope and the digest of the canonical request.
    package var stringToSign: String { String(decoding: stringToSign(parts), as: UTF8.self) }

    /// The token.
    package func presign() -> Secret {
        let parts = parts
        let signature = SignatureVersion4.signature(
            of: stringToSign(parts), secret: secretAccessKey, date: time.day, region: request.region,
            service: request.service)
        var token: [UInt8] = []
        token.reserveCapacity(parts.query.count + parts.session.count + 512)
        token += request.host.utf8
        if request.signsPort { token += ":\(request.port)".utf8 }
        token += "/?".utf8
        token += parts.query
        token += Self.signedHeaders.utf8
        token += parts.session
        token += "&X-Amz-Signature=".utf8
        token += signature
        return Secret(String(decoding: token, as: UTF8.self))
    }

    private static let signedHeaders = "&X-Amz-SignedHeaders=host"
    /// SHA-256 of nothing: the payload's digest.
    private static let emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    /// What the text and the canonical request share, encoded once: they are built from bytes, since signing
    /// for a whole fleet is a matter of microseconds each.
    private struct Parts {
        var scope: String
        /// What stands before the session token in both forms.
        var query: [UInt8] = []
        /// The session token's parameter, empty where there is none.
        var session: [UInt8] = []
        var canonicalRequest: [UInt8] = []
    }

    private var parts: Parts {
        var parts = Parts(
            scope: SignatureVersion4.scope(date: time.day, region: request.region, service: request.service))
        parts.query.reserveCapacity(384)
        switch request.kind {
        case .rds(let user):
            parts.query += "Action=connect&DBUser=".utf8
            PercentEncoding.append(user, to: &parts.query)
        case .dsql: parts.query += "Action=DbConnect".utf8
        case .dsqlAdmin: parts.query += "Action=DbConnectAdmin".utf8
        }
        parts.query += "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=".utf8
        PercentEncoding.append(accessKeyID, to: &parts.query)
        parts.query += "%2F".utf8
        PercentEncoding.append(parts.scope, to: &parts.query)
        parts.query += "&X-Amz-Date=".utf8
        parts.query += time.text.utf8
        parts.query += "&X-Amz-Expires=\(request.expires)".utf8
        if let sessionToken {
            parts.session += "&X-Amz-Security-Token=".utf8
            PercentEncoding.append(sessionToken.reveal(), to: &parts.session)
        }
        compose(&parts)
        return parts
    }

    private func compose(_ parts: inout Parts) {
        var canonical: [UInt8] = []
        canonical.reserveCapacity(parts.query.count + parts.session.count + 384)
        canonical += "GET\n/\n".utf8
        canonical += parts.query
        canonical += parts.session
        canonical += Self.signedHeaders.utf8
        canonical += "\nhost:".utf8
        canonical += request.host.lowercased().utf8
        // The default port of the scheme is never part of the Host header.
        if request.signsPort, request.port != 443 { canonical += ":\(request.port)".utf8 }
        canonical += "\n\nhost\n".utf8
        canonical += Self.emptyDigest.utf8
        parts.canonicalRequest = canonical
    }

    private func stringToSign(_ parts: Parts) -> [UInt8] {
        SignatureVersion4.stringToSign(
            timestamp: time.text, scope: parts.scope, canonicalRequest: parts.canonicalRequest)
    }
}

extension TokenRequest {
    /// The service's name in the credential's scope.
    fileprivate var service: String {
        if case .rds = kind { "rds-db" } else { "dsql" }
    }

    /// DSQL has no port anywhere.
    fileprivate var signsPort: Bool {
        if case .rds = kind { true } else { false }
    }
}
