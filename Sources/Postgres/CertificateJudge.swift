#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import COpenSSL
import Diagnosis
import Profiles
import TLS
import Workers

/// Tells why libpq did not accept a server's certificate: its text is the same for one that has expired and one of
/// an unknown authority.
///
/// The way is that of facts/fleet.md 3.4: a connection of its own without verification and without a password, up
/// to the end of the handshake; OpenSSL judges the chain; the connection ends before the server could ask for
/// anything.
struct CertificateJudge {
    let plan: LoginPlan
    let address: ResolvedAddress?
    let wait: Wait

    /// Nil where it cannot be told.
    func verdict() -> CertificateVerdict? {
        let roots = rootsPath
        if let roots, let trouble = Self.trouble(with: roots) { return trouble }
        guard let roots, let connection = handshake(), let tls = connection.tls else { return nil }
        var peer = copenssl_peer()
        guard copenssl_look(tls, &peer) == 0 else { return nil }
        var fault = copenssl_fault()
        let code = copenssl_judge(tls, roots, plan.host, &fault)
        let subject = ServerText.line(of: fault.subject)
        switch Int(code) {
        case COPENSSL_GOOD: return .good
        case COPENSSL_EXPIRED:
            let since = Self.date(fault.not_after)
            return fault.is_root == 1
                ? .rootExpired(subject: subject, since: since) : .expired(subject: subject, since: since)
        case COPENSSL_NOT_YET_VALID: return .notYetValid(subject: subject, from: Self.date(fault.not_before))
        case COPENSSL_UNKNOWN_CA: return .unknownAuthority(issuer: ServerText.line(of: peer.issuer))
        case COPENSSL_WRONG_NAME:
            let names = TLSDetail.names(in: tls).split(separator: " ").map(String.init)
            return plan.sslmode == .verifyFull ? .nameMismatch(names: names) : .good
        case COPENSSL_NO_BUNDLE: return .rootsUnreadable(path: roots, reason: "OpenSSL cannot read it")
        default: return .other(ServerText.line(of: fault.words), subject: subject)
        }
    }

    /// The profile's file, else libpq's own place; nil where the roots are the system's.
    private var rootsPath: String? {
        if let own = plan.judgedBy ?? plan.conninfo["sslrootcert"] { return own == "system" ? nil : own }
        guard let home = getenv("HOME") else { return nil }
        return String(cString: home) + "/.postgresql/root.crt"
    }

    static func trouble(with path: String) -> CertificateVerdict? {
        let shown = VisibleText.line(path)
        // Opened rather than asked about: the rights of a file are not all that can stand in the way.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            return code == ENOENT || code == ENOTDIR
                ? .rootsMissing(path: shown) : .rootsUnreadable(path: shown, reason: AddressProbe.text(code))
        }
        Descriptors.close(descriptor)
        guard copenssl_count_certificates(path) > 0 else {
            return .rootsUnreadable(path: shown, reason: "there is no certificate in it")
        }
        return nil
    }

    /// A connection whose handshake has ended, and nothing after it.
    private func handshake() -> LibpqConnection? {
        var unverified = plan
        unverified.conninfo["sslmode"] = SSLMode.require.rawValue
        // With a file there, libpq would verify under `require` too.
        unverified.conninfo["sslrootcert"] = "/nonexistent/pgfob"
        let settings = LibpqSettings.of(unverified, address: address)
        guard let connection = LibpqConnection(settings, password: nil), !connection.failed else {
            return nil
        }
        var polling = LibpqConnection.Polling.writing
        while polling == .reading || polling == .writing {
            guard wait.until(connection.socket, events: polling == .reading ? POLLIN : POLLOUT) == .ready
            else {
                return nil
            }
            polling = connection.step()
            if let tls = connection.tls, copenssl_handshake_done(tls) == 1 { return connection }
        }
        return nil
    }

    private static func date(_ seconds: Int64) -> String {
        Timestamp.rfc3339(Date(timeIntervalSince1970: Double(seconds)))
    }
}
