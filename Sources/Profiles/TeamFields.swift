/// What of a profile a team shares, as texts: every field but those that are one person's.
package struct TeamFields: Sendable, Hashable {
    /// What stays with the person beyond what belongs to a machine: who logs in, what was noted, what is pinned.
    private static let own: Set<ProfileField> = [.user, .notes, .pinned]

    /// The shared fields, in the form's order.
    package static let all: [ProfileField] = ProfileField.allCases.filter {
        !own.contains($0) && !Profile.personalFields.contains($0)
    }

    /// What is not empty, by field.
    private var texts: [ProfileField: String] = [:]

    package init() {}

    package init(_ profile: Profile) {
        for field in Self.all { self[field] = profile.text(of: field) }
        // A catalogue has a value for each: what is left to the service is the default there.
        self[.port] = String(profile.port)
        self[.database] = profile.database
        self[.sslmode] = profile.sslmode.rawValue
        guard profile.parameters.keys.contains(where: Profile.personalParameters.contains) else { return }
        keepShared(profile.parameters.map { ($0.key, $0.value) })
    }

    private mutating func keepShared(_ parameters: [(String, String)]) {
        let shared = parameters.filter { !Profile.personalParameters.contains($0.0) }
        self[.parameters] = Conninfo(shared.sorted { $0.0 < $1.0 }).keywordText
    }

    /// Reads ``json``; what it does not know is left out, and so is what is personal, whoever wrote it there.
    package init(json: String) {
        for (name, value) in JSONTree(json.utf8)?.members ?? [:] {
            guard let field = ProfileField(rawValue: name), let text = value.string else { continue }
            self[field] = text
        }
        // In the order in which a profile says them, or they would seem to be changed here.
        guard let text = texts[.parameters], let parameters = Conninfo.read(text) else { return }
        keepShared(parameters.map { ($0.keyword, $0.value) })
    }

    package subscript(field: ProfileField) -> String {
        get { texts[field] ?? "" }
        set { texts[field] = newValue.isEmpty ? nil : newValue }
    }

    /// An object of texts, the same for the same fields.
    package var json: String {
        JSONText.object(
            Self.all.compactMap { field in texts[field].map { .init(field.rawValue, .string($0)) } }
        ).text
    }
}

extension Profile {
    /// Writes a field that a team shares; the personal ones among the parameters stay as they are.
    ///
    /// - Throws: as ``Profile/set(_:to:)``.
    package mutating func setShared(_ field: ProfileField, to text: String) throws(FieldProblem) {
        let personal = parameters.filter { Self.personalParameters.contains($0.key) }
        let own = ownDefaults
        try set(field, to: text)
        // A catalogue does not know whether a default was said.
        if auth == .service { ownDefaults = own }
        guard field == .parameters else { return }
        parameters = parameters.filter { !Self.personalParameters.contains($0.key) }
            .merging(personal) { $1 }
    }
}
