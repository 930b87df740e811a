#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import TestSupport
import Testing

/// The real program over the running fleet: a store of its own, seeded with the fleet's profiles, and a runtime folder of
/// its own, short as a socket's path must be.
struct FleetRun {
    let fleet: LocalFleet
    let home: ProgramHome
    var folder: TemporaryFolder { home.folder }
    let environment: [String: String]

    /// - Parameter more: variables beside those of the fleet, such as a bastion's.
    init(_ more: [String: String] = [:]) throws {
        fleet = try #require(LocalFleet.running)
        home = try ProgramHome(
            [
                "AWS_CONFIG_FILE": try #require(fleet["environment", "AWS_CONFIG_FILE"]),
                "AWS_SHARED_CREDENTIALS_FILE": try #require(
                    fleet["environment", "AWS_SHARED_CREDENTIALS_FILE"]),
            ].merging(more) { $1 }, hasOwnRuntime: true)
        environment = home.environment
        let seeded = try pgfob("import", try #require(fleet["profiles"]))
        #expect(seeded.code == 0, "\(seeded.errors)")
    }

    /// Runs a subcommand to its end.
    func pgfob(_ arguments: String..., more: [String: String] = [:]) throws -> ProgramRun {
        try home.pgfob(arguments, more: more)
    }

    /// Opens the screen.
    func screen(_ arguments: [String] = [], columns: Int = 80, rows: Int = 24) throws -> PseudoTerminal {
        try home.screen(arguments, columns: columns, rows: rows)
    }

    /// Goes to a profile by the filter.
    func select(_ name: String, on terminal: PseudoTerminal) throws {
        try terminal.waitFor("profiles")
        try terminal.send("/")
        try terminal.waitUntil("the filter's line is open") { $0.row(with: " of ") != nil }
        try terminal.send(name)
        try terminal.waitUntil("\(name) is the best match") { Self.selected($0, name) }
        try terminal.press(.enter)
        try terminal.waitUntil("\(name) is selected in the list") { Self.selected($0, name) }
    }

    /// Whether a profile's row has the cursor.
    static func selected(_ screen: VirtualScreen, _ name: String) -> Bool {
        screen.lines.contains { $0.hasPrefix(">") && $0.contains(name) }
    }
}

extension Trait where Self == ConditionTrait {
    /// For suites that need the fleet.
    static var overTheFleet: Self { .enabled(if: LocalFleet.running != nil, "Tests/run starts the fleet") }

    /// For suites that need a real sshd.
    static var throughABastion: Self { .enabled(if: Bastion.isHere, "Tests/install brings sshd") }
}
