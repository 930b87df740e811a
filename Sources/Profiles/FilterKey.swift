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
    /// The profile's own region; that of the host name is looked up where a term asks for it.
    private let ownRegion: Region?
    let tags: [String]
    let host: String
    let user: String
    let auth: String
    let awsProfile: String
    let database: String
    let testedAt: Date?

    /// With the environment that the profile itself names.
    package init(_ saved: SavedProfile) { self.init(saved, environment: saved.profile.environment) }

    /// - Parameter environment: the profile's own, or the one that the settings' rules give it.
    package init(_ saved: SavedProfile, environment effective: Environment?) {
        let profile = saved.profile
        name = Array(Profile.fold(profile.name).utf8)
        environment = effective?.word.lowercased() ?? ""
        group = profile.group?.lowercased() ?? ""
        ownRegion = profile.region
        tags = profile.tags.map { $0.lowercased() }
        host = profile.host.lowercased()
        user = profile.user?.lowercased() ?? ""
        auth = profile.auth.rawValue
        awsProfile = profile.awsProfile?.lowercased() ?? ""
        database = profile.database.lowercased()
        testedAt = saved.lastTest?.testedAt
        // The host name holds its region, so that a plain word finds that too unless the profile overrides it.
        var bytes = name
        func add(_ field: String) {
            guard !field.isEmpty else { return }
            bytes.append(0x0a)
            bytes.append(contentsOf: field.utf8)
        }
        add(environment)
        add(group)
        add(ownRegion?.rawValue ?? "")
        for tag in tags { add(tag) }
        add(host)
        add(user)
        add(database)
        add(awsProfile)
        text = bytes
    }

    /// The region that a token is signed for, as far as profile and host name tell.
    var region: String { (ownRegion ?? HostName(host).region)?.rawValue ?? "" }
}
