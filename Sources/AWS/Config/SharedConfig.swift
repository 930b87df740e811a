/// AWS's two files together, as the profiles that they make.
///
/// Profiles are merged key by key, the credentials file wins (facts/aws.md 2.3).
package struct SharedConfig: Sendable, Hashable {
    package let configPath: String
    package let credentialsPath: String
    package let config: SharedFile
    package let credentials: SharedFile
    /// One failure for every file that is there and cannot be read.
    package let unreadable: [AWSFailure]
    /// The config file's profiles, by name.
    private let configProfiles: [String: SharedFile.Section]

    package init(
        configPath: String, credentialsPath: String, config: SharedFile, credentials: SharedFile,
        unreadable: [AWSFailure] = []
    ) {
        self.configPath = configPath
        self.credentialsPath = credentialsPath
        self.credentials = credentials
        self.unreadable = unreadable
        var config = config
        var profiles: [String: SharedFile.Section] = [:]
        for (header, section) in config.sections.sorted(by: { $0.value.line < $1.value.line }) {
            // `[default]` and `[profile default]` are two spellings: the later one wins.
            if let name = Self.profileName(ofHeader: header) {
                profiles[name] = section
            } else if !Self.isKnown(header) {
                config.complain(
                    section.line,
                    "[\(header.shown)] is no profile in this file: write [profile NAME], NAME quoted "
                        + "where it has blanks")
            }
        }
        configProfiles = profiles
        self.config = config
    }

    /// The names of all profiles, sorted.
    package var profileNames: [String] {
        Set(credentials.sections.keys).union(configProfiles.keys).filter { $0 != "DEFAULT" }.sorted()
    }

    /// Whether either file has a section for the profile.
    package func hasProfile(_ name: String) -> Bool {
        credentials.sections[name] != nil || configProfiles[name] != nil
    }

    /// A key of a profile: of the credentials file, else of the config file.
    package func value(_ key: String, profile: String) -> String? {
        (credentials.sections[profile]?.values[key] ?? configProfiles[profile]?.values[key])?.text
    }

    /// The profile's section in the config file.
    package func configSection(_ name: String) -> SharedFile.Section? { configProfiles[name] }

    /// A section of the config file that is no profile: `[sso-session NAME]`.
    package func ssoSession(_ name: String) -> SharedFile.Section? { section("sso-session", name) }

    /// `[services NAME]`.
    package func services(_ name: String) -> SharedFile.Section? { section("services", name) }

    private func section(_ kind: String, _ name: String) -> SharedFile.Section? {
        for (header, section) in config.sections {
            let words = header.split(maxSplits: 1, whereSeparator: Self.isBlank)
            guard words.count == 2, words[0] == kind, header.hasPrefix(kind) else { continue }
            if Self.unquoted(words[1]) == name { return section }
        }
        return nil
    }

    /// The keys of a profile and of both files, for what asks for many.
    package func has(_ key: String, profile: String) -> Bool {
        value(key, profile: profile).map { !$0.isEmpty } ?? false
    }

    /// The profile that a header of the config file makes: `default`, or `profile NAME` with the name quoted or
    /// not. Nil for `sso-session`, `services`, and what botocore ignores.
    static func profileName(ofHeader header: String) -> String? {
        if header == "default" { return "default" }
        let words = header.split(maxSplits: 1, whereSeparator: isBlank)
        guard words.count == 2, words[0] == "profile", header.hasPrefix("profile") else { return nil }
        return unquoted(words[1])
    }

    /// A name in a header, quoted or not; nil where it has blanks without quotes.
    private static func unquoted(_ text: Substring) -> String? {
        var name = text.drop(while: isBlank)
        while let last = name.last, isBlank(last) { name.removeLast() }
        if let quote = name.first, quote == "\"" || quote == "'" {
            guard name.count >= 2, name.last == quote else { return nil }
            name = name.dropFirst().dropLast()
            return name.contains(quote) || name.isEmpty ? nil : String(name)
        }
        return name.contains(where: isBlank) || name.isEmpty ? nil : String(name)
    }

    private static func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }

    /// Sections that are no profiles and are right so.
    private static func isKnown(_ header: String) -> Bool {
        let kind = header.split(maxSplits: 1, whereSeparator: isBlank).first ?? ""
        return ["sso-session", "services", "plugins", "preview", "DEFAULT"].contains(kind)
    }

    /// Every complaint about both files, as `FILE:LINE: what`.
    package var complaints: [String] {
        unreadable.map(\.message)
            + Self.lines(configPath, config.complaints) + Self.lines(credentialsPath, credentials.complaints)
    }

    private static func lines(_ path: String, _ complaints: [SharedFile.Complaint]) -> [String] {
        complaints.map { "\(path.shown):\($0.line): \($0.text)" }
    }
}
