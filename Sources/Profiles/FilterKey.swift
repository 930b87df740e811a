#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a filter looks at, folded once per profile so that a key over thousands of rows costs little.
package struct FilterKey: Sendable, Hashable {
    let name: [UInt8]
    /// Everything that plain words search, folded, one field a line.
    let text: [UInt8]
    let environment: String
    let group: String
    let region: String
    let tags: [String]
    let host: String
    let user: String
    let auth: String
    let testedAt: Date?

    package init(_ saved: SavedProfile) {
        let profile = saved.profile
        let hostName = HostName(profile.host)
        name = Array(Profile.fold(profile.name).utf8)
        environment = profile.environment?.word.lowercased() ?? ""
        group = profile.group?.lowercased() ?? ""
        region = (profile.region ?? hostName.region)?.rawValue ?? ""
        tags = profile.tags.map { $0.lowercased() }
        host = profile.host.lowercased()
        user = profile.user?.lowercased() ?? ""
        auth = profile.auth.rawValue
        testedAt = saved.lastTest?.testedAt
        let fields = [
            Profile.fold(profile.name), environment, group, region, tags.joined(separator: " "), host, user,
            profile.database.lowercased(), profile.awsProfile?.lowercased() ?? "",
        ]
        text = Array(fields.joined(separator: "\n").utf8)
    }
}
