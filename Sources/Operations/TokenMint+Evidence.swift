#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import Diagnosis
import Profiles
import SigV4

extension TokenMint {
    /// What a token says of itself, read off its own text, and what is known of how it came about.
    func evidence(of token: MintedToken, isSecond: Bool) -> TokenEvidence? {
        guard let reading = AuthToken.read(token.text) else { return nil }
        let key = reading.accessKeyID
        // By the token itself: what is known of the clock now may have been found out since.
        let ahead = Date(timeIntervalSince1970: Double(reading.time.seconds)).timeIntervalSince(
            token.clock.signedAt)
        var evidence = TokenEvidence(
            host: reading.host, port: reading.port, region: reading.region, user: reading.user,
            signedAt: token.clock.signedAt, expiresAt: token.clock.expiresAt,
            key: key.count > 12 ? "\(key.prefix(4))...\(key.suffix(4))" : key,
            endsWithCredentials: token.clock.limitedBy == .credentials,
            signer: [token.signer.provider, token.signer.principal].compactMap { $0 }.joined(separator: ", "),
            wasKept: token.wasKept, clockSkew: source.skew.seconds,
            isClockCorrected: abs((source.skew.seconds ?? 0) - ahead) < ClockSkew.noticeable)
        evidence.isSecond = isSecond
        return evidence
    }
}
