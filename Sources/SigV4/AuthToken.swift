import Secrets

/// A token and what it says of itself.
package struct AuthToken: Sendable, Hashable {
    package let text: Secret
    package let time: SigningTime
    /// Seconds from ``time``.
    package let expires: Int

    /// Signs a token; offline, without any permission or check of the host.
    package static func presign(
        _ request: TokenRequest, credentials: SigningCredentials, at time: SigningTime
    ) -> AuthToken {
        let session = credentials.sessionToken.flatMap { $0.isEmpty ? nil : $0 }
        let presigner = Presigner(
            request: request, accessKeyID: credentials.accessKeyID,
            secretAccessKey: credentials.secretAccessKey, sessionToken: session, time: time)
        return AuthToken(text: presigner.presign(), time: time, expires: request.expires)
    }

    /// What can be read off a token: whom it is for, where, and until when. Never a secret.
    package struct Reading: Sendable, Hashable {
        package var host: String
        /// Nil for DSQL.
        package var port: Int?
        package var action: String
        /// Nil for DSQL.
        package var user: String?
        package var accessKeyID: String
        package var region: String
        package var service: String
        package var time: SigningTime
        package var expires: Int
        package var hasSessionToken: Bool
    }

    /// Reads a token's text; nil where it is none.
    package static func read(_ token: Secret) -> Reading? {
        let text = token.reveal()
        guard text.utf8.count <= 100_000, let slash = text.range(ofFirst: "/?") else { return nil }
        let authority = text[..<slash.lowerBound]
        var values: [String: String] = [:]
        for pair in text[slash.upperBound...].split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let value = PercentEncoding.decode(parts[1]) else { return nil }
            values[String(parts[0])] = value
        }
        let scope = (values["X-Amz-Credential"] ?? "").split(separator: "/", omittingEmptySubsequences: false)
        guard let action = values["Action"], let date = values["X-Amz-Date"], let time = SigningTime(date),
            let expires = values["X-Amz-Expires"].flatMap({ Int($0) }), scope.count == 5,
            values["X-Amz-Signature"] != nil
        else { return nil }
        let colon = authority.lastIndex(of: ":")
        let port = colon.flatMap { Int(authority[authority.index(after: $0)...]) }
        return Reading(
            host: String(port == nil ? authority : authority[..<(colon ?? authority.endIndex)]), port: port,
            action: action, user: values["DBUser"], accessKeyID: String(scope[0]), region: String(scope[2]),
            service: String(scope[3]), time: time, expires: expires,
            hasSessionToken: values["X-Amz-Security-Token"] != nil)
    }
}

extension String {
    /// Where a short text stands for the first time.
    fileprivate func range(ofFirst needle: String) -> Range<String.Index>? {
        var at = startIndex
        while at < endIndex {
            if self[at...].hasPrefix(needle) { return at..<index(at, offsetBy: needle.count) }
            at = index(after: at)
        }
        return nil
    }
}
