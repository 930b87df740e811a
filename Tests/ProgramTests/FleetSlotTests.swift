import Foundation
import TestSupport
import Testing

/// demo/fleet's choice of addresses.
struct FleetSlotTests {
    /// Takes a slot, says so, and keeps it until its input ends.
    private static let taking = """
        import sys
        sys.path.insert(0, sys.argv[1])
        import servers
        slot, claim = servers.free_slot()
        print(slot, flush=True)
        sys.stdin.read()
        """

    @Test func `fleets that start at the same time take different addresses`() throws {
        let arguments = ["-c", Self.taking, "\(ProgramPath.repository)/demo/lib"]
        let first = try ChildProgram(
            "/usr/bin/env", [Python.program] + arguments, environment: Python.environment, input: nil)
        defer { withExtendedLifetime(first) {} }
        try first.wait(for: "its slot") { first.output.hasSuffix("\n") }
        let second = try ProgramRun(
            "/usr/bin/env", [Python.program] + arguments, environment: Python.environment)
        #expect(Int(second.output.dropLast()) != nil && second.output != first.output, "\(second)")
    }
}
