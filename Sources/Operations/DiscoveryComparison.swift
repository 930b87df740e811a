#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import Profiles

/// Holds what AWS lists against what is saved: what is new, what has changed, what is gone. What the user typed is
/// never written over: only a field that still is as discovery wrote it follows AWS.
struct DiscoveryComparison {
    /// The fields that AWS decides. The others are made once, for a new profile, and are the user's from then on.
    private static let followed: [ProfileField] = [.host, .port, .environment, .tags, .auth, .region]

    private let saved: [UUID: Profile]
    private let origins: [UUID: CloudOrigin]
    /// Live profiles, by the endpoint's key and by host and port.
    private let byKey: [String: [UUID]]
    private let byPlace: [String: [Profile]]
    private let deletedKeys: Set<String>
    private let user: String?
    private var usualUsers: [String: String] = [:]
    private var names: FreeNames
    /// The master user that most of what was found has, for what names none.
    private var master: String?
    private var mastersTaken = 0

    private var items: [Intake.Item] = []
    private var problems: [String] = []
    private var seen: Set<String> = []
    /// Accounts, regions and lists in which what is not listed is not there.
    private var complete: Set<[String]> = []

    init(saved: [Profile], trashed: [Profile], origins: [UUID: CloudOrigin], user: String?) {
        self.saved = Dictionary(saved.map { ($0.id, $0) }) { first, _ in first }
        self.origins = origins
        self.user = user
        let live = self.saved
        byKey = Dictionary(grouping: origins.keys.filter { live[$0] != nil }) { origins[$0]?.key ?? "" }
        byPlace = Dictionary(grouping: saved, by: { Self.place($0.host, $0.port) })
        deletedKeys = Set(trashed.compactMap { origins[$0.id]?.key })
        names = FreeNames(saved.map(\.foldedName))
        for (awsProfile, profiles) in Dictionary(
            grouping: saved.filter { $0.auth == .iam && $0.user != nil }, by: { $0.awsProfile ?? "" })
        {
            let counts = Dictionary(grouping: profiles.compactMap(\.user)) { $0 }.mapValues(\.count)
            usualUsers[awsProfile] = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
        }
    }

    private static func place(_ host: String, _ port: Int) -> String {
        "\(HostName.normalised(host)):\(port)"
    }

    mutating func take(_ listing: RegionListing, awsProfile: String?, account: String?) {
        for kind in RegionListing.Kind.allCases where listing.isComplete(kind) {
            for account in Set(listing.endpoints.map(\.origin.account) + [account].compactMap { $0 }) {
                // Every region lists all of the global clusters.
                let region = kind == .globals ? "global" : listing.region.rawValue
                complete.insert([account, region, kind.rawValue])
            }
        }
        let masters = Dictionary(grouping: listing.endpoints.compactMap(\.masterUser)) { $0 }.mapValues(
            \.count)
        master = masters.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? master
        for endpoint in listing.endpoints where seen.insert(endpoint.origin.key).inserted {
            take(endpoint, awsProfile)
        }
    }

    private mutating func take(_ endpoint: FoundEndpoint, _ awsProfile: String?) {
        if let known = byKey[endpoint.origin.key] ?? renamed(endpoint) {
            for id in known { follow(endpoint, awsProfile, id) }
        } else if let typed = byPlace[Self.place(endpoint.host, endpoint.port)] {
            // The user was first: only AWS's facts are added.
            for profile in typed {
                items.append(
                    .init(
                        .changed, profile, old: profile,
                        notes: ["yours, as it is: AWS's facts are kept with it"],
                        origin: endpoint.origin))
            }
        } else {
            add(endpoint, awsProfile)
        }
    }

    /// Discovery's own profiles of an endpoint that goes by another key now: where one of the lists could not be read,
    /// a custom endpoint has its host for a key, and its ARN again the next time.
    private mutating func renamed(_ endpoint: FoundEndpoint) -> [UUID]? {
        let place = Self.place(endpoint.host, endpoint.port)
        let own = (byPlace[place] ?? []).map(\.id).filter { origins[$0]?.account == endpoint.origin.account }
        guard !own.isEmpty else { return nil }
        for id in own { seen.insert(origins[id]?.key ?? "") }
        return own
    }

    private mutating func follow(_ endpoint: FoundEndpoint, _ awsProfile: String?, _ id: UUID) {
        guard let old = saved[id], let before = origins[id] else { return }
        let draft = draft(endpoint, awsProfile)
        var (profile, origin) = (old, endpoint.origin)
        origin.written = before.written
        // The ARN is the better key, and stays.
        if !endpoint.hasARN { origin.key = before.key }
        for field in Self.followed {
            // Who has changed it, owns it.
            guard old.text(of: field) == before.written[field.rawValue] else { continue }
            guard (try? profile.set(field, to: draft.text(of: field))) != nil else { continue }
            origin.written[field.rawValue] = draft.text(of: field)
        }
        var notes: [String] = []
        if before.engine != origin.engine { notes.append("\(before.engine) -> \(origin.engine)") }
        if before.isIAMEnabled != origin.isIAMEnabled, let isOn = origin.isIAMEnabled {
            notes.append("IAM authentication was switched \(isOn ? "on" : "off")")
        }
        if before.resourceID != origin.resourceID { notes.append("resource id \(origin.resourceID)") }
        if before.tags != origin.tags { notes.append("its AWS tags are others") }
        let isSame = profile == old && before == origin
        items.append(.init(isSame ? .duplicate : .changed, profile, old: old, notes: notes, origin: origin))
    }

    private mutating func add(_ endpoint: FoundEndpoint, _ awsProfile: String?) {
        var profile = draft(endpoint, awsProfile)
        if !names.take(profile.name) {
            let longer = "\(profile.name)-\(HostName(endpoint.host).region?.short ?? endpoint.origin.account)"
            if names.take(longer) {
                profile.name = longer
            } else {
                profile.name = names.takeNumbered(profile.name)
            }
        }
        if let problem = profile.problems().first(where: { $0.severity == .error }) {
            problems.append("\(endpoint.host): \(problem.field.rawValue) \(problem.message)")
            return
        }
        var origin = endpoint.origin
        for field in Self.followed { origin.written[field.rawValue] = profile.text(of: field) }
        var notes: [String] = []
        if origin.isIAMEnabled == false { notes.append("IAM authentication is off: logs in by password") }
        if user == nil, usualUsers[awsProfile ?? ""] == nil { mastersTaken += 1 }
        var item = Intake.Item(.new, profile, notes: notes, origin: origin)
        if deletedKeys.contains(origin.key) {
            item.wasDeleted = true
            item.notes.append("you have deleted it before")
        }
        items.append(item)
    }

    // MARK: A new profile

    private func draft(_ endpoint: FoundEndpoint, _ awsProfile: String?) -> Profile {
        var profile = Profile(name: Profile.suggestedName(for: endpoint.host), host: endpoint.host)
        profile.port = (1...65_535).contains(endpoint.port) ? endpoint.port : Profile.defaultPort
        profile.awsProfile = awsProfile
        profile.region = endpoint.signingRegion
        if let database = endpoint.database { try? profile.set(.database, to: database) }
        profile.auth = endpoint.origin.isIAMEnabled == false ? .password : .iam
        try? profile.set(
            .user, to: user ?? usualUsers[awsProfile ?? ""] ?? endpoint.masterUser ?? master ?? "")
        for (key, value) in endpoint.origin.tags.sorted(by: { $0.key < $1.key }) {
            if ["env", "environment", "stage"].contains(key.lowercased()) {
                try? profile.set(.environment, to: value)
            } else if key.lowercased() != "name", profile.tags.count < 12 {
                let word = "\(key):\(value)".split { $0.isWhitespace || $0 == "," }.joined(separator: "-")
                var probe = profile
                if (try? probe.set(.tags, to: word)) != nil { profile.tags += probe.tags }
            }
        }
        return profile
    }

    // MARK: The end

    func intake(source: String, problems more: [String], notes: [String]) -> Intake {
        var all = items
        for (id, origin) in origins {
            guard let profile = saved[id], !seen.contains(origin.key),
                complete.contains([
                    origin.account, origin.region, RegionListing.Kind(key: origin.key).rawValue,
                ])
            else { continue }
            all.append(
                .init(
                    .gone, profile, old: profile, notes: ["AWS lists it no longer, or is deleting it"],
                    origin: origin))
        }
        let order = Dictionary(uniqueKeysWithValues: Intake.Kind.allCases.enumerated().map { ($1, $0) })
        all.sort { (order[$0.kind] ?? 0, $0.profile.name) < (order[$1.kind] ?? 0, $1.profile.name) }
        let known = all.count { $0.kind == .duplicate }
        all.removeAll { $0.kind == .duplicate }
        var intake = Intake(source: source, items: all, problems: more + problems, notes: notes)
        if known > 0 { intake.notes.append("\(known) known and unchanged") }
        if mastersTaken > 0 {
            intake.notes.append(
                "\(mastersTaken) new with the master user, the only one that AWS names: --user, or user:NAME, takes another"
            )
        }
        return intake
    }
}
