#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a provider may look at.
package struct ProviderContext: Sendable {
    package var environment: EnvironmentValues
    /// The profile's name as it was chosen, explicitly or by the environment; nil for `default`.
    package var profile: String?
    /// Whether the caller named the profile: the environment's keys are not asked then.
    package var isExplicit: Bool
    package var config: SharedConfig
    package var now: Date

    /// The profile whose sections are read.
    package var profileName: String { profile ?? "default" }
}
