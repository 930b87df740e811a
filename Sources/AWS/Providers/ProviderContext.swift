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

    /// The region that aws-cli v2 would call: AWS_REGION, AWS_DEFAULT_REGION, then the profile's own; nil where none of
    /// them is set.
    ///
    /// - Throws: ``AWSFailure`` where what is set is no region.
    func region() throws(AWSFailure) -> Region? {
        let places = [
            ("AWS_REGION", environment["AWS_REGION"]),
            ("AWS_DEFAULT_REGION", environment["AWS_DEFAULT_REGION"]),
            ("region of profile \(profileName.shown)", value("region")),
        ]
        guard let (place, text) = places.first(where: { $0.1 != nil }), let text else { return nil }
        guard let region = Region(rawValue: text) else {
            throw .config("\(place) is no region: \(text.shown)", do: "write it as eu-west-1")
        }
        return region
    }

    var caller: ServiceCaller {
        ServiceCaller(
            transport: transport,
            endpoints: EndpointResolver(environment: environment, config: config, profile: profileName),
            skew: skew, wait: wait,
            bundle: environment["AWS_CA_BUNDLE"] == nil
                ? value("ca_bundle").map { SharedConfigReader.expanded($0, environment) } : nil)
    }

    /// A file or folder below `~/.aws`.
    func awsFile(_ name: String) -> String { "\(environment["HOME"] ?? "")/.aws/\(name)" }
}
