#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import SigV4

/// What most tests ask for: everything that a request leaves open at its default.
extension CredentialChain {
    func report(profile: String?, now: Date) -> CredentialReport {
        report(CredentialRequest(profile: profile, now: now))
    }

    func resolve(profile: String?, now: Date) throws(AWSFailure) -> Credentials {
        try report(profile: profile, now: now).get()
    }
}

extension TokenSource {
    func token(
        for request: TokenRequest, profile: String?, now: Date, fresh: Bool = false
    ) throws(AWSFailure) -> IssuedToken {
        try token(for: request, as: CredentialRequest(profile: profile, now: now), fresh: fresh)
    }
}
