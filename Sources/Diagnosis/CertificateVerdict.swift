/// What OpenSSL says of a server's certificate chain, and what the file of roots is good for.
package enum CertificateVerdict: Sendable, Hashable {
    /// The chain, the dates and the name are good; libpq refused for another reason.
    case good
    /// The server's certificate, or another that it sent, has ended, by RFC 3339.
    case expired(subject: String, since: String)
    /// The root in the file has.
    case rootExpired(subject: String, since: String)
    case notYetValid(subject: String, from: String)
    /// No root of the file signed the chain; the issuer is the one that is missing.
    case unknownAuthority(issuer: String)
    /// The chain is good and is another host's.
    case nameMismatch(names: [String])
    /// The file of root certificates does not exist.
    case rootsMissing(path: String)
    /// It cannot be read, or there is no certificate in it.
    case rootsUnreadable(path: String, reason: String)
    /// OpenSSL's own words for what has no case here, such as `certificate revoked`, and the certificate meant.
    case other(String, subject: String)

    /// Whether the file of roots is at fault, and the server's certificate may be good.
    var isRootsOwn: Bool { if case .rootExpired = self { true } else { false } }
}
