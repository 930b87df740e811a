#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Synchronization

/// Keeps credentials that a network or a process gave, and renews them before they end: one renewal at a time for
/// each profile, however many ask.
package final class CredentialStore: Sendable {
    /// Credentials that live less than this are renewed as soon as somebody asks, in seconds; the old ones are good
    /// until the new ones are there (botocore's advisory refresh).
    package static let renewalWindow: TimeInterval = 900
    /// Nothing is signed with credentials that live less than this, in seconds.
    package static let margin: TimeInterval = 60
    /// A renewal that failed is tried again after about so long, in seconds.
    private static let retry: TimeInterval = 60

    private struct Kept {
        var credentials: Credentials
        var reasons: [String]
        /// Of the AWS files: other files, other credentials.
        var generation: Int
        /// Before this no renewal is tried that is not necessary.
        var nextTry = Date.distantPast
    }

    package let chain: CredentialChain
    private let kept = Mutex<[String?: Kept]>([:])
    private let turns = Turns()

    package init(chain: CredentialChain) {
        self.chain = chain
    }

    /// Credentials that live a minute or more: kept ones, or new ones.
    ///
    /// - Throws: ``AWSFailure`` with every provider's reason.
    package func credentials(_ request: CredentialRequest) throws(AWSFailure) -> Credentials {
        try report(request).get()
    }

    /// The same with what every provider said.
    package func report(_ request: CredentialRequest) -> CredentialReport {
        if let report = good(request) { return report }
        // Without a network nobody waits for anybody.
        if request.isOffline { return chain.report(request) }
        let report = turns.take(request.profile.map { "p\($0)" } ?? "", request.wait) {
            // Whoever had the turn before may have got them.
            good(request) ?? renew(request)
        }
        return report ?? Self.tooLate(request)
    }

    private static func tooLate(_ request: CredentialRequest) -> CredentialReport {
        let name = request.profile.map { "AWS profile \($0.shown)" } ?? "default chain"
        return CredentialReport(
            outcome: .failed(
                AWSFailure(
                    "aws-refused",
                    "the credentials of the \(name) are being got for somebody else, and that takes long",
                    do: "try again")), reasons: [])
    }

    /// Forgets what is kept of a profile: somebody has logged in anew.
    package func forget(profile: String?) {
        kept.withLock { $0[profile] = nil }
    }

    func kept(of profile: String?) -> Credentials? {
        kept.withLock { $0[profile] }.flatMap { $0.generation == chain.generation ? $0.credentials : nil }
    }

    func keep(_ credentials: Credentials, of profile: String?) {
        let generation = chain.generation
        kept.withLock { $0[profile] = Kept(credentials: credentials, reasons: [], generation: generation) }
    }

    private func good(_ request: CredentialRequest) -> CredentialReport? {
        guard let entry = kept.withLock({ $0[request.profile] }), entry.generation == chain.generation else {
            return nil
        }
        let left = entry.credentials.expiresAt.map { $0.timeIntervalSince(request.now) } ?? .infinity
        let isFresh = left >= Self.renewalWindow
        // An answered question is not asked again before it has to be.
        let canWait =
            left >= Self.margin
            && (request.isOffline || entry.credentials.isInteractive || request.now < entry.nextTry)
        guard isFresh || canWait else { return nil }
        return CredentialReport(outcome: .credentials(entry.credentials), reasons: entry.reasons)
    }

    private func renew(_ request: CredentialRequest) -> CredentialReport {
        let generation = chain.generation
        let report = chain.report(request)
        if case .credentials(let credentials) = report.outcome {
            kept.withLock {
                $0[request.profile] =
                    credentials.isCostly
                    ? Kept(credentials: credentials, reasons: report.reasons, generation: generation) : nil
            }
            return report
        }
        return kept.withLock { kept in
            guard var old = kept[request.profile], old.generation == generation,
                let end = old.credentials.expiresAt,
                end.timeIntervalSince(request.now) >= Self.margin
            else { return report }
            // Jittered, so that many profiles of one session do not come back together.
            old.nextTry = request.now.addingTimeInterval(Self.retry * Double.random(in: 0.5...1.5))
            kept[request.profile] = old
            return CredentialReport(outcome: .credentials(old.credentials), reasons: old.reasons)
        }
    }
}
