import Profiles
import Settings
import TestSupport
import Testing

/// A table of guards whose name is mistyped guards nothing: what it may have been meant for is guarded instead.
struct MisspeltGuardTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ text: String) throws -> Settings {
        try Settings.read(
            path: try folder.write(text, to: "config.toml"), groupings: ["env", "group"], columns: ["name"])
    }

    @Test(arguments: ["enviroments", "environment", "Environments"])
    func `environments under a mistyped name are as strict as they can be`(name: String) throws {
        let settings = try read("theme = \"dark\"\n[\(name).stage]\nconfirm = \"name\"\n")
        #expect(settings.refusal?.what.hasSuffix(":2: \(name) is unknown") == true)
        #expect(settings.refusal?.remedy == "did you mean environments?" && settings.warnings.isEmpty)
        #expect(settings.environments.confirmation(.stage) == .name)
        #expect(settings.environments.startsReadOnly(.stage))
    }

    @Test func `what a table of the right name says goes on beside a mistyped one`() throws {
        let policies = try read(
            """
            [environments.dev]
            confirm = "none"
            [enviroments.stage]
            confirm = "key"
            """
        ).environments
        #expect(policies.confirmation(.dev) == .none && !policies.startsReadOnly(.dev))
        #expect(policies.confirmation(.stage) == .name)
    }

    @Test func `what a rule under a mistyped name may have been meant for is guarded`() throws {
        let settings = try read(
            """
            [[environment_rules]]
            environment = "dev"
            name = "^dev"
            [[environment_rule]]
            environment = "prod"
            host = "orders"
            """)
        #expect(settings.refusal?.remedy == "did you mean environment_rules?")
        let other = settings.environments.effective(Profile(name: "other", host: "h"))
        #expect(other.confirmation == .name && other.startsReadOnly)
        let dev = settings.environments.effective(Profile(name: "dev-1", host: "h"))
        #expect(dev.environment == .dev && !dev.startsReadOnly)
    }

    @Test func `other unknown words are passed over`() throws {
        let settings = try read("psq = \"/opt/psql\"\n[colours]\na = 1\n")
        #expect(settings.refusal == nil && settings.warnings.count == 2)
    }
}
