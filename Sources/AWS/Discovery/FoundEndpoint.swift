import Profiles

/// An endpoint of PostgreSQL as RDS lists it.
package struct FoundEndpoint: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case writer, reader, custom, instance, proxy, global
    }

    package var kind: Kind
    package var host: String
    package var port: Int
    /// The database that was made with it; nil for `postgres`.
    package var database: String?
    /// The only user that RDS names.
    package var masterUser: String?
    /// The region of a global writer, which no name tells.
    package var signingRegion: Region?
    package var origin: CloudOrigin

    /// Whether its key is AWS's own, not a stand-in made from the host.
    package var hasARN: Bool { origin.key.hasPrefix("arn:") }
}

/// What was found in one region for one AWS profile.
package struct RegionListing: Sendable {
    package var region: Region
    package var endpoints: [FoundEndpoint] = []
    /// What could not be listed, a line each, without the region.
    package var problems: [String] = []
    /// The same of lists that not everybody may ask for, and without which there still are clusters and instances.
    package var notes: [String] = []
    /// Whether the region is closed to these keys, or not enabled for their account.
    package var isClosed = false
    /// The lists that are missing, or could not be asked for.
    package var missing: Set<Kind> = []
    /// Why nothing was.
    package var failure: AWSFailure?

    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case clusters, instances
        case custom = "custom endpoints"
        case proxies
        case globals = "global clusters"

        /// Whether clusters and instances are found without it.
        package var isOptional: Bool { self != .clusters && self != .instances }

        /// The list that an endpoint's key would stand in.
        package init(key: String) {
            let parts = key.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.first == "arn" else {
                self = .custom
                return
            }
            switch parts.count > 5 ? String(parts[5]) : "" {
            case "db": self = .instances
            case "cluster-endpoint": self = .custom
            case "db-proxy": self = .proxies
            case "global-cluster": self = .globals
            default: self = .clusters
            }
        }
    }

    /// Whether what is not in one of its lists is not there.
    package func isComplete(_ kind: Kind) -> Bool { failure == nil && !missing.contains(kind) }
}
