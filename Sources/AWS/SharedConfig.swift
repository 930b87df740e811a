/// AWS's two files together, as the profiles that they make.
///
/// Profiles are merged key by key, the credentials file wins (facts/aws.md 2.3).
package struct SharedConfig: Sendable, Hashable {
    package let configPath: String
    package let credentialsPath: String
    package let config: SharedFile
    package let credentials: SharedFile
    /// Files that are there and cannot be read: path and why.
    package let unreadable: [String]

    package init(
        configPath: String, credentialsPath: String, config: SharedFile, credentials: SharedFile,
        unreadable: [String] = []
    ) {
        self.configPath = configPath
        self.credentialsPath = credentialsPath
        self.config = config
        self.credentials = credentials
        self.unreadable = unreadable
    }

    /// The names of all profiles, sorted.
    package var profileNames: [String] {
        var names = Set(credentials.sections.keys)
        for header in config.sections.keys {
            if let name = Self.profileName(ofHeader: header) { names.insert(name) }
        }
        return names.filter { $0 != "DEFAULT" }.sorted()
    }

    /// Whether either file has a section for the profile.
    package func hasProfile(_ name: String) -> Bool {
        credentials.sections[name] != nil || configSection(name) != nil
    }

    /// A key of a profile: of the credentials file, else of the config file.
    package func value(_ key: String, profile: String) -> String? {
        (credentials.sections[profile]?.values[key] ?? configSection(profile)?.values[key])?.text
    }

    /// The profile's section in the config file; the later of two spellings of the same name wins.
    package func configSection(_ name: String) -> SharedFile.Section? {
        config.sections.filter { Self.profileName(ofHeader: $0.key) == name }
            .max { $0.value.line < $1.value.line }?.value
    }

    /// The profile that a header of the config file makes: `default`, or `profile NAME` with the name quoted or
    /// not. Nil for `sso-session`, `services`, and what botocore ignores.
    static func profileName(ofHeader header: String) -> String? {
        if header == "default" { return "default" }
        let words = header.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "\t" })
        guard words.count == 2, words[0] == "profile", header.hasPrefix("profile") else { return nil }
        var name = words[1][...]
        while let last = name.last, last == " " || last == "\t" { name = name.dropLast() }
        while let first = name.first, first == " " || first == "\t" { name = name.dropFirst() }
        if let quote = name.first, quote == "\"" || quote == "'" {
            guard name.count >= 2, name.last == quote else { return nil }
            return String(name.dropFirst().dropLast())
        }
        return name.contains(where: { $0 == " " || $0 == "\t" }) || name.isEmpty ? nil : String(name)
    }

    /// Every complaint about both files, as `FILE:LINE: what`.
    package var complaints: [String] {
        unreadable + config.complaints.map { "\(configPath):\($0.line): \($0.text)" }
            + credentials.complaints.map { "\(credentialsPath):\($0.line): \($0.text)" }
    }
}
