#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import Profiles
import Synchronization
import Workers
import TestSupport

/// A chain whose AWS is a local server with the documented wire format.
final class ProviderTrial {
    let server: IdentityServer
    /// Folders are gone with their last holder; a chain reads files at every call.
    private let folders = Mutex<[AWSFolder]>([])

    init() throws { server = try IdentityServer() }

    func chain(_ folder: AWSFolder, _ more: [String: String] = [:]) -> CredentialChain {
        folders.withLock { $0.append(folder) }
        return CredentialChain(environment: folder.environment(server.environment.merging(more) { $1 }))
    }

    /// The answer for one profile of a folder.
    func report(
        _ folder: AWSFolder, _ profile: String?, _ more: [String: String] = [:], seconds: Double = 60,
        code: (@Sendable (String) -> String?)? = nil
    ) -> CredentialReport {
        chain(folder, more).report(Self.request(profile, seconds: seconds, code: code))
    }

    static func request(
        _ profile: String?, seconds: Double = 60, code: (@Sendable (String) -> String?)? = nil
    ) -> CredentialRequest {
        CredentialRequest(
            profile: profile, now: Date(),
            wait: Wait(deadline: .now + .seconds(seconds), cancellation: Cancellation()), askCode: code)
    }
}
