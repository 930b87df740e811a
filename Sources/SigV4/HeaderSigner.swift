import Secrets

/// Signs a POST of the AWS Query protocol in its `Authorization` header
/// (AWS General Reference, "Signature Version 4 signing process").
package struct HeaderSigner: Sendable {
    package let credentials: SigningCredentials
    package let service: String
    package let region: String

    package init(credentials: SigningCredentials, service: String, region: String) {
        self.credentials = credentials
        self.service = service
        self.region = region
    }

    /// The headers to send: content type, date, session token where there is one, and the signature.
    ///
    /// - Parameters:
    ///   - host: as the request's `Host` header will have it.
    ///   - path: as the request line will have it, without a query.
    ///   - body: the form's fields, encoded.
    package func headers(
        host: String, path: String = "/", body: String, at time: SigningTime
    ) -> [(name: String, value: String)] {
        var headers = [
            (name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8"),
            (name: "X-Amz-Date", value: time.text),
        ]
        if let token = credentials.sessionToken, !token.isEmpty {
            headers.append((name: "X-Amz-Security-Token", value: token.reveal()))
        }
        headers.append(
            (
                name: "Authorization",
                value: authorization(
                    canonicalRequest(host: host, path: path, body: body, headers), host: host, headers,
                    at: time)
            ))
        return headers
    }

    /// The canonical request of such a POST.
    package func canonicalRequest(
        host: String, path: String = "/", body: String, _ headers: [(name: String, value: String)]
    ) -> String {
        let signed = canonical(headers, host: host)
        let lines = signed.map { "\($0.name):\($0.value)\n" }.joined()
        let digest = String(
            decoding: SignatureVersion4.hex(SignatureVersion4.sha256(Array(body.utf8))), as: UTF8.self)
        return
            "POST\n\(Self.canonical(path: path))\n\n\(lines)\n\(signed.map(\.name).joined(separator: ";"))\n\(digest)"
    }

    /// A path as it is signed: without its dot segments and doubled slashes, and encoded once more, as every service
    /// but S3 has it (AWS General Reference, "Create a canonical request").
    private static func canonical(path: String) -> String {
        var kept: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." { _ = kept.popLast() } else { kept.append(segment) }
        }
        let joined = kept.map { PercentEncoding.encode(String($0)) }.joined(separator: "/")
        return "/\(joined)\(path.hasSuffix("/") && !kept.isEmpty ? "/" : "")"
    }

    private func canonical(
        _ headers: [(name: String, value: String)], host: String
    ) -> [(name: String, value: String)] {
        (headers + [(name: "host", value: host)]).map { ($0.name.lowercased(), $0.value) }
            .sorted { $0.name < $1.name }
    }

    private func authorization(
        _ request: String, host: String, _ headers: [(name: String, value: String)], at time: SigningTime
    ) -> String {
        let scope = SignatureVersion4.scope(date: time.day, region: region, service: service)
        let stringToSign = SignatureVersion4.stringToSign(
            timestamp: time.text, scope: scope,
            canonicalRequest: Array(request.utf8))
        let signature = SignatureVersion4.signature(
            of: stringToSign, secret: credentials.secretAccessKey, date: time.day, region: region,
            service: service)
        let names = canonical(headers, host: host).map(\.name).joined(separator: ";")
        return "\(SignatureVersion4.algorithm) Credential=\(credentials.accessKeyID)/\(scope), "
            + "SignedHeaders=\(names), Signature=\(String(decoding: signature, as: UTF8.self))"
    }
}
