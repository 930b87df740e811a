import Profiles

/// One connection as another program's file describes it, not judged yet.
package struct ForeignEntry: Sendable, Hashable {
    /// Where it stands: `line 12`, `server 3`.
    package var place: String
    package var name: String?
    package var group: String?
    package var environment: String?
    package var tags: [String] = []
    package var notes = ""
    /// libpq's keywords with their values; they stand over ``conninfo``.
    package var settings: [String: String] = [:]
    /// A URI or keyword=value text, for libpq itself to read.
    package var conninfo: String?
    /// How it logs in, where the file tells.
    package var auth: Authentication?
    /// Fields of pgfob's own that the format has no place for.
    package var fields: [String: String] = [:]
    /// What makes the token that it logs in with, where that is not for ``settings`` to say.
    package var signer: [ProfileField: String] = [:]
    /// What was left out of it.
    package var remarks: [String] = []

    package init(place: String, name: String? = nil) {
        self.place = place
        self.name = name
    }

    /// `line 12, server 3`: where a member of an object stands, by what its reader found.
    static func place(_ kind: String, _ key: String, _ lines: [String: Int]) -> String {
        (lines[key].map { "line \($0), " } ?? "") + "\(kind) \(DialAddress.shown(key))"
    }

    /// What AWS's command for a token names; the login is IAM's.
    mutating func take(token named: [ProfileField: String]) {
        auth = .iam
        for (keyword, field) in [("host", ProfileField.host), ("port", .port), ("user", .user)] {
            settings[keyword] = named[field]
        }
        for field in [ProfileField.awsProfile, .region] { fields[field.rawValue] = named[field] }
    }

    /// A password was found: it is dropped, and said.
    mutating func dropSecret(_ what: String) {
        remarks.append("\(what) dropped: pgfob stores no secret")
        if auth == nil { auth = .password }
    }
}

/// What a file of another program held.
package struct ForeignReading: Sendable, Hashable {
    package var entries: [ForeignEntry] = []
    /// What could not be read, a line each, with its place.
    package var problems: [String] = []
    package var notes: [String] = []

    package init() {}
}

/// Profiles made of a file, with what is to be said of each.
package struct ImportReading: Sendable {
    package struct Draft: Sendable, Hashable {
        package var profile: Profile
        package var place: String
        package var notes: [String]
        /// Whether the file gave the name, rather than pgfob made it from the host.
        package var isNamed: Bool
    }

    package var drafts: [Draft] = []
    package var problems: [String] = []
    package var notes: [String] = []

    package init() {}
}
