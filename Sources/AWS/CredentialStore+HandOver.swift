#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Secrets
import SigV4

/// Credentials from one process of the user's to another, so that a question that was answered is not asked again.
extension CredentialStore {
    private static let separator: Character = "\u{1f}"

    /// What is kept of a profile, as a text without NUL that is as secret as they are; nil where nothing is kept that
    /// lives long enough.
    package func handOver(profile: String?, now: Date) -> Secret? {
        guard let kept = kept(of: profile),
            (kept.expiresAt ?? .distantFuture) > now.addingTimeInterval(Self.margin)
        else { return nil }
        let fields = [
            profile ?? "", kept.signing.accessKeyID, kept.signing.secretAccessKey.reveal(),
            kept.signing.sessionToken?.reveal() ?? "",
            kept.expiresAt.map { String($0.timeIntervalSince1970) } ?? "", kept.provider, kept.renewal,
            kept.accountID ?? "", kept.arn ?? "", kept.isInteractive ? "1" : "",
        ]
        guard fields.allSatisfy({ !$0.contains(Self.separator) && !$0.contains("\0") }) else { return nil }
        return Secret(fields.joined(separator: String(Self.separator)))
    }

    /// Keeps what another process has handed over.
    package func takeOver(_ text: Secret) {
        let fields = text.reveal().split(separator: Self.separator, omittingEmptySubsequences: false).map(
            String.init)
        guard fields.count == 10 else { return }
        func field(_ place: Int) -> String? { fields[place].isEmpty ? nil : fields[place] }
        var credentials = Credentials(
            signing: SigningCredentials(
                accessKeyID: fields[1], secretAccessKey: Secret(fields[2]),
                sessionToken: field(3).map { Secret($0) }),
            expiresAt: field(4).flatMap { Double($0) }.map { Date(timeIntervalSince1970: $0) },
            provider: fields[5], renewal: fields[6])
        credentials.accountID = field(7)
        credentials.arn = field(8)
        credentials.isInteractive = field(9) != nil
        credentials.isCostly = true
        keep(credentials, of: field(0))
    }
}
