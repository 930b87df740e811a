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
        /// Seconds from ``time``.
        package var expires: Int
        package var hasSessionToken: Bool

        /// When it ends, in seconds since 1970.
        package var end: Int { time.seconds + expires }
    }

    /// Reads a token's text; nil where it is none.
    package static func read(_ token: Secret) -> Reading? {
        let text = token.reveal()
        guard text.utf8.count <= 100_000, let slash = text.utf8.firstIndex(of: 0x2f) else { return nil }
        let query = text[text.utf8.index(after: slash)...]
        guard query.utf8.first == 0x3f, let values = parameters(query.dropFirst()) else { return nil }
        let scope = (values["X-Amz-Credential"] ?? "").split(separator: "/", omittingEmptySubsequences: false)
        // No service grants more than a week, and an end that does not fit into an Int would trap.
        guard let action = values["Action"], let date = values["X-Amz-Date"], let time = SigningTime(date),
            let expires = values["X-Amz-Expires"].flatMap({ Int32($0) }), expires >= 0, scope.count == 5,
            scope[4] == "aws4_request", values["X-Amz-Signature"] != nil
        else { return nil }
        let (host, port) = split(text[..<slash])
        return Reading(
            host: host, port: port, action: action, user: values["DBUser"], accessKeyID: String(scope[0]),
            region: String(scope[2]), service: String(scope[3]), time: time, expires: Int(expires),
            hasSessionToken: values["X-Amz-Security-Token"] != nil)
    }

    /// The parameters of a query, decoded; nil where one of them cannot be.
    private static func parameters(_ query: Substring) -> [String: String]? {
        var values: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let value = PercentEncoding.decode(parts[1]) else { return nil }
            values[String(parts[0])] = value
        }
        return values
    }

    /// Host and port of `host:port`; an IPv6 address stands in brackets and may have no port.
    private static func split(_ authority: Substring) -> (host: String, port: Int?) {
        guard let colon = authority.lastIndex(of: ":"),
            let port = UInt16(authority[authority.index(after: colon)...])
        else { return (String(authority), nil) }
        return (String(authority[..<colon]), Int(port))
    }
}
