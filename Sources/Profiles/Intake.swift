#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Profiles that come from outside, a file or AWS, to be looked through before any of them is saved.
package struct Intake: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case new
        /// Known, with something new about it.
        case changed
        /// Saved already: the same host, port, database and user.
        case duplicate
        /// Saved, and no longer there.
        case gone
    }

    package struct Item: Sendable, Hashable {
        package var kind: Kind
        /// As it would be saved, with everything that has to be approved.
        package var profile: Profile
        /// The saved one that it changes, equals or was.
        package var old: Profile?
        /// Where it stands: `line 12`, `server 3`.
        package var place: String
        /// What was left out or made different on the way.
        package var notes: [String]
        /// What AWS says of the endpoint, where it comes from there.
        package var origin: CloudOrigin?
        /// Whether the user has thrown it away before.
        package var wasDeleted = false

        package init(
            _ kind: Kind, _ profile: Profile, old: Profile? = nil, place: String = "", notes: [String] = [],
            origin: CloudOrigin? = nil
        ) {
            self.kind = kind
            self.profile = profile
            self.old = old
            self.place = place
            self.notes = notes
            self.origin = origin
        }

        /// Whether it is saved unless somebody says otherwise: nothing is doubled or thrown away unasked.
        package var isWanted: Bool { (kind == .new || kind == .changed) && !wasDeleted }

        /// Whether it does not come in for a saved one that says something else.
        package var isLeftOut: Bool {
            guard kind == .duplicate, origin == nil, let old else { return false }
            return ProfileField.allCases.contains { field in
                guard old.text(of: field) != profile.text(of: field) else { return false }
                return field != .name || !FreeNames.isNumbered(old.name, of: profile.name)
            }
        }

        /// What comes in only after being shown and approved (design/decisions.md, "Refusals that protect").
        package var toApprove: [PersonalValue] {
            // What AWS lists to the user's own keys was asked for by them.
            guard origin == nil else { return [] }
            let known = Set(old.map(\.personalValues) ?? [])
            return profile.personalValues.filter { !known.contains($0) }
        }

        /// Whether what has to be approved would run a program: nothing but a person's own yes lets that in.
        package var runsProgram: Bool { toApprove.contains { $0.name == ProfileField.tunnel.rawValue } }

        /// The profile as it is saved: without what was not approved.
        package func profile(approving: Bool) -> Profile {
            guard !approving, origin == nil else { return profile }
            var profile = profile
            profile.takePersonalValues(from: old)
            return profile
        }
    }

    /// Where it all comes from: `servers.json (pgAdmin)`.
    package var source: String
    /// The file that its places are in, where it is one.
    package var file: String?
    package var items: [Item]
    /// Why something could not come in, a line each, with its place.
    package var problems: [String]
    /// What was left out that belongs to no item.
    package var notes: [String]
    /// Whether pgfob itself has written the file, in its own format.
    package var isOwn = false

    package init(source: String, items: [Item] = [], problems: [String] = [], notes: [String] = []) {
        self.source = source
        self.items = items
        self.problems = problems
        self.notes = notes
    }

    package func count(_ kind: Kind) -> Int { items.count { $0.kind == kind } }

    /// `3 new, 1 duplicate`; only what there is.
    package var counts: String {
        let words: [String] = Kind.allCases.compactMap { kind in
            let count = count(kind)
            guard count > 0 else { return nil }
            return "\(count) \(kind == .duplicate ? "there already" : kind.rawValue)"
        }
        let left = problems.isEmpty ? [] : ["\(problems.count) left out"]
        return words.isEmpty && left.isEmpty ? "nothing" : (words + left).joined(separator: ", ")
    }
}

/// A value that is somebody's own: a path, a program, another place to dial, whose credentials sign.
package struct PersonalValue: Sendable, Hashable {
    /// The field's or the keyword's name.
    package var name: String
    package var text: String

    package init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
    }

    /// `dial 127.0.0.1:15432`.
    package var words: String { "\(name) \(DialAddress.shown(text))" }
}

extension Profile {
    /// The fields that belong to one person's machine (design/decisions.md, "Refusals that protect").
    package static let personalFields: [ProfileField] = [.awsProfile, .sslrootcert, .tunnel, .dial]

    /// libpq's keywords that name files or libraries of one machine.
    package static let personalParameters: Set<String> = [
        "sslcert", "sslkey", "sslcrl", "sslcrldir", "gsslib", "krbsrvname", "requirepeer", "servicefile",
        "oauth_ca_file",
    ]

    /// What of the profile is personal and set.
    package var personalValues: [PersonalValue] {
        let fields = Self.personalFields.compactMap { field -> PersonalValue? in
            let text = text(of: field)
            return text.isEmpty ? nil : PersonalValue(field.rawValue, text)
        }
        let further = parameters.filter { Self.personalParameters.contains($0.key) }
        return fields + further.sorted { $0.key < $1.key }.map { PersonalValue($0.key, $0.value) }
            + (isLessGuarded ? [PersonalValue(ProfileField.sslmode.rawValue, sslmode.rawValue)] : [])
    }

    /// Whether the token's way to RDS is checked less than it can be.
    private var isLessGuarded: Bool {
        (HostName(host).isSignable || auth == .iam || signingHost != nil) && sslmode < .verifyFull
    }

    /// Puts another profile's personal values in place of its own; none where there is no other.
    package mutating func takePersonalValues(from other: Profile?) {
        (awsProfile, sslrootcert, dial) = (other?.awsProfile, other?.sslrootcert, other?.dial)
        tunnel = other?.tunnel
        for keyword in Self.personalParameters { parameters[keyword] = other?.parameters[keyword] }
        if isLessGuarded { sslmode = other?.sslmode ?? .verifyFull }
    }

    /// By what two profiles are one connection: host, port, database and user.
    package var connectionKey: String {
        let place = host.isEmpty ? "service \(service ?? "")" : HostName.normalised(host)
        return [place, String(port), database, user ?? ""].joined(separator: "\u{0}")
    }
}
