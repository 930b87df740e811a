#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a filter looks at, folded once per profile so that a key over thousands of rows costs little.
package struct FilterKey: Sendable, Hashable {
    let name: [UInt8]
    /// What plain words search, folded, one field a line.
    let text: [UInt8]
    /// The bytes of ``text`` whose letters may match apart from each other: what every RDS host ends with would hold
    /// most short words.
    let looseCount: Int
    /// The letters of ``text``, one bit each: most profiles are refused by it alone.
    let letters: UInt64
    /// Free text, in which a word has to stand whole: of its letters alone any long sentence holds all.
    let notes: [UInt8]
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
    /// What can be said of the last test: its outcome, and where and why it failed.
    let test: [String]

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
        let lowered = profile.host.lowercased()
        host = lowered
        user = profile.user?.lowercased() ?? ""
        auth = profile.auth.rawValue
        awsProfile = profile.awsProfile?.lowercased() ?? ""
        database = profile.database.lowercased()
        testedAt = saved.lastTest?.testedAt
        test = saved.lastTest.map { [$0.outcome, $0.failedStage, $0.cause].compactMap { $0 } } ?? ["none"]
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
        add(user)
        add(database)
        add(awsProfile)
        add(host)
        text = bytes
        let shared = Self.sharedSuffixes.first { lowered.hasSuffix($0) }
        looseCount = bytes.count - (shared?.utf8.count ?? 0)
        letters = Self.letters(bytes)
        notes = profile.notes.isEmpty ? [] : Array(Profile.fold(profile.notes).utf8)
    }

    private static let sharedSuffixes = [".rds.amazonaws.com", ".rds.amazonaws.com.cn", ".on.aws"]

    /// A bit for each letter and digit, one for everything else.
    static func letters(_ bytes: [UInt8]) -> UInt64 {
        var letters: UInt64 = 0
        for byte in bytes { letters |= 1 << Self.bit(byte) }
        return letters
    }

    private static func bit(_ byte: UInt8) -> UInt64 {
        switch byte {
        case 0x61...0x7a: UInt64(byte - 0x61)
        case 0x30...0x39: UInt64(byte - 0x30) + 26
        default: 36
        }
    }

    /// The region that a token is signed for, as far as profile and host name tell.
    var region: String { (ownRegion ?? HostName(host).region)?.rawValue ?? "" }
}
