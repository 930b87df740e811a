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
    let testedAt: Date?

    package init(_ saved: SavedProfile) {
        let profile = saved.profile
        name = Array(Profile.fold(profile.name).utf8)
        environment = profile.environment?.word.lowercased() ?? ""
        group = profile.group?.lowercased() ?? ""
        ownRegion = profile.region
        tags = profile.tags.map { $0.lowercased() }
        host = profile.host.lowercased()
        user = profile.user?.lowercased() ?? ""
        auth = profile.auth.rawValue
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
        add(profile.database.lowercased())
        add(profile.awsProfile?.lowercased() ?? "")
        text = bytes
    }

    /// The region that a token is signed for, as far as profile and host name tell.
    var region: String { (ownRegion ?? HostName(host).region)?.rawValue ?? "" }
}
