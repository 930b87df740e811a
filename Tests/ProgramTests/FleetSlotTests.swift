import Foundation
import TestSupport
import Testing

/// demo/fleet's choice of addresses.
struct FleetSlotTests {
    /// Takes a slot and says so; keeps it, where it is told to, for as long as it lives.
    private static let taking = """
        import signal, sys
        sys.path.insert(0, sys.argv[1])
        import servers
        slot, claim = servers.free_slot()
        print(slot, flush=True)
        if sys.argv[2] == "keep":
            signal.pause()
        """

    @Test func `fleets that start at the same time take different addresses`() throws {
        let arguments = [Python.program, "-c", Self.taking, "\(ProgramPath.repository)/demo/lib"]
        let first = try ChildProgram(
            "/usr/bin/env", arguments + ["keep"], environment: Python.environment, input: nil)
        defer { withExtendedLifetime(first) {} }
        try first.wait(for: "its slot") { first.output.hasSuffix("\n") }
        let second = try ProgramRun(
            "/usr/bin/env", arguments + ["end"], environment: Python.environment)
        #expect(Int(second.output.dropLast()) != nil && second.output != first.output, "\(second)")
    }
}
