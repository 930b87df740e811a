#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// What the token of a login says of itself, and what is known of how it came about. Holds no secret: neither
/// signature nor session token.
package struct TokenEvidence: Sendable, Hashable {
    /// The endpoint that it was signed for.
    package var host: String
    package var port: Int?
    package var region: String
    /// Nil for DSQL, whose token names none.
    package var user: String?
    package var signedAt: Date
    package var expiresAt: Date
    /// The access key that signed it, all but its first four and last four characters left out.
    package var key: String
    /// Its life ends with the credentials, before its own 900 seconds.
    package var endsWithCredentials: Bool
    /// Who signed: the provider, and the role or user where the provider tells.
    package var signer: String
    /// It had been minted for an earlier login.
    package var wasKept: Bool
    /// A kept one had been refused before, and this one was signed anew.
    package var isSecond = false
    /// Seconds that AWS's clock is ahead of this machine's, as far as known.
    package var clockSkew: Double?
    /// Whether the signature was made with AWS's time.
    package var isClockCorrected: Bool

    package init(
        host: String, port: Int?, region: String, user: String?, signedAt: Date, expiresAt: Date, key: String,
        endsWithCredentials: Bool = false, signer: String, wasKept: Bool = false, clockSkew: Double? = nil,
        isClockCorrected: Bool = true
    ) {
        self.host = host
        self.port = port
        self.region = region
        self.user = user
        self.signedAt = signedAt
        self.expiresAt = expiresAt
        self.key = key
        self.endsWithCredentials = endsWithCredentials
        self.signer = signer
        self.wasKept = wasKept
        self.clockSkew = clockSkew
        self.isClockCorrected = isClockCorrected
    }

    /// More than this apart, and a signature's time is refused (seconds; Aurora User Guide, "Troubleshooting IAM
    /// database authentication": the clocks must agree to minutes).
    package static let skewLimit = 240.0

    /// Whether this machine's clock alone explains a refusal.
    package var isClockOff: Bool { !isClockCorrected && abs(clockSkew ?? 0) >= Self.skewLimit }

    /// Host and port as the token has them.
    package var place: String { port.map { "\(host):\($0)" } ?? host }

    /// The stage's line: who, where, until when.
    package func detail(now: Date) -> String {
        let left = Int(expiresAt.timeIntervalSince(now))
        let life =
            left < 0
            ? "ended \(-left) s ago"
            : "\(left / 60):\(left % 60 < 10 ? "0" : "")\(left % 60) left, until \(Timestamp.rfc3339(expiresAt))"
        var words = [life]
        if isSecond {
            words.append("signed anew: the kept one was refused")
        } else if wasKept {
            words.append("kept from \(Timestamp.rfc3339(signedAt))")
        }
        words += ["\(user.map { "\($0) at " } ?? "")\(place)", region]
        if endsWithCredentials { words.append("as its AWS credentials end") }
        words.append("key \(key)")
        if let clockSkew, abs(clockSkew) >= 30 {
            let seconds = Int(abs(clockSkew).rounded())
            words.append(
                "AWS's clock is \(seconds) s \(clockSkew > 0 ? "ahead" : "behind")"
                    + (isClockCorrected ? ", corrected" : ""))
        }
        return words.joined(separator: ", ")
    }
}
