import AWS
import Testing

/// The rows of facts/aws.md 2.3 about profiles and the two files together.
struct SharedConfigTests {
    private func config(_ config: String, _ credentials: String = "") -> SharedConfig {
        SharedConfig(
            configPath: "/c", credentialsPath: "/s", config: SharedFile(Array(config.utf8)),
            credentials: SharedFile(Array(credentials.utf8)))
    }

    @Test(arguments: [
        ("[default]", "default"), ("[profile default]", "default"), ("[profile a]", "a"),
        ("[profile  a ]", "a"),
        ("[profile\ta]", "a"), ("[profile \"with space\"]", "with space"), ("[profile 'x y']", "x y"),
        ("[profile ünï]", "ünï"), ("[profile profile]", "profile"),
    ])
    func `a header of the config file makes a profile`(header: String, name: String) {
        #expect(config(header).profileNames == [name])
        #expect(config(header).complaints.isEmpty)
    }

    @Test(arguments: [
        "[a]", "[profile a b]", "[profile]", "[ profile a]", "[profile 'a]", "[profile 'a' 'b']",
        "[profile \"\"]",
        "[profiles a]", "[Profile a]",
    ])
    func `what only looks like a profile is none, and is reported`(header: String) {
        #expect(config(header).profileNames.isEmpty)
        #expect(config("\n" + header).complaints.first?.hasPrefix("/c:2: ") == true)
    }

    @Test(arguments: ["[sso-session corp]", "[services s]", "[DEFAULT]", "[plugins]"])
    func `a section of another kind is neither a profile nor a mistake`(header: String) {
        #expect(config(header).profileNames.isEmpty)
        #expect(config(header).complaints.isEmpty)
    }

    @Test func `in the credentials file a header is the name as it stands`() {
        #expect(
            config("", "[profile weird]\n[b]\n[default]\n[DEFAULT]").profileNames == [
                "b", "default", "profile weird",
            ])
    }

    @Test func `files are merged key by key, and the credentials file wins`() {
        let merged = config("[profile a]\nregion = r1\noutput = json", "[a]\nregion = r2\nrole_arn = x")
        #expect(merged.value("region", profile: "a") == "r2")
        #expect(merged.value("output", profile: "a") == "json")
        #expect(merged.value("role_arn", profile: "a") == "x")
        #expect(merged.value("region", profile: "default") == nil)
    }

    @Test(arguments: [
        ("[default]\nregion = r1\n[profile default]\nregion = r2", "r2"),
        ("[profile default]\nregion = r1\n[default]\nregion = r2", "r2"),
    ])
    func `of two spellings of default the later wins`(text: String, region: String) {
        #expect(config(text).value("region", profile: "default") == region)
    }
}
