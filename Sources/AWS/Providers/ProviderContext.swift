#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Workers

/// What a provider may look at and call.
package struct ProviderContext: Sendable {
    package var environment: EnvironmentValues
    /// The profile's name as it was chosen, explicitly or by the environment; nil for `default`.
    package var profile: String?
    /// Whether the caller named the profile: the environment's keys are not asked then.
    package var isExplicit: Bool
    package var config: SharedConfig
    package var now: Date
    /// Whether only what this machine holds is looked at: no network, no process, no question.
    package var isOffline: Bool
    package var transport: any HTTPTransport
    package var skew: ClockSkew
    package var wait: Wait
    /// Asks the user for the code of an MFA device, by its serial number or ARN; nil where there is nobody to ask.
    package var askCode: (@Sendable (String) -> String?)?

    /// The profile whose sections are read.
    package var profileName: String { profile ?? "default" }

    /// A key of the chosen profile; an empty one counts for none.
    func value(_ key: String) -> String? { value(key, of: profileName) }

    func value(_ key: String, of profile: String) -> String? {
        config.value(key, profile: profile).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The region that aws-cli v2 would call: AWS_REGION, AWS_DEFAULT_REGION, then the profile's own.
    var region: Region? {
        (environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? value("region"))
            .flatMap { Region(rawValue: $0) }
    }

    var caller: ServiceCaller {
        ServiceCaller(
            transport: transport,
            endpoints: EndpointResolver(environment: environment, config: config, profile: profileName),
            skew: skew, wait: wait)
    }

    /// A file or folder below `~/.aws`.
    func awsFile(_ name: String) -> String { "\(environment["HOME"] ?? "")/.aws/\(name)" }
}
