#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

/// Another endpoint of a profile's cluster.
struct Sibling: Sendable {
    /// What it is of the cluster: `reader`, `custom endpoint`.
    var kind: String
    /// Lower-cased, without a trailing dot.
    var host: String
    /// The profile that stands for it; nil where only the name of the first tells of it.
    var saved: UUID?
    /// That profile's name.
    var name: String?

    init(_ host: HostName, _ saved: SavedProfile? = nil) {
        self.host = HostName.normalised(host.text)
        self.saved = saved?.id
        name = saved?.profile.name
        kind =
            switch host.kind {
            case .clusterWriter: "writer"
            case .clusterReader: "reader"
            case .custom: "custom"
            default: host.kind.words
            }
    }
}
