import Profiles
import Testing

/// The user's own password and service files on their way through another profile's session.
struct OwnLibpqFilesTests {
    /// The environment of a pgfob inside a session of a profile with a token.
    private func inside(
        _ outside: [String: String], sets: [String: String] = ["PGPASSFILE": "/proc/self/fd/7"]
    ) -> [String: String] {
        let session = PsqlCommand.environment(
            from: outside, profile: Profile(name: "orders", host: "orders.example"))
        var environment = session.merging(sets) { $1 }
        for (name, value) in OwnLibpqFiles.toRestore(environment) { environment[name] = value }
        return environment
    }

    @Test func `what the user had is there again, through any number of sessions`() {
        let own = ["PGPASSFILE": "/own/pass", "PGSERVICEFILE": "/own/services", "PGSYSCONFDIR": "/own"]
        let once = inside(own)
        let twice = inside(once, sets: [:])
        for name in own.keys { #expect(once[name] == own[name] && twice[name] == own[name], "\(name)") }
    }

    @Test func `a session's password file is nobody's own`() {
        let inside = inside(["PATH": "/bin"])
        #expect(inside["PGPASSFILE"] == nil && inside["PATH"] == "/bin")
    }

    @Test func `what is set inside a session stays`() {
        let set = inside(["PGPASSFILE": "/own/pass"], sets: ["PGPASSFILE": "/set/inside"])
        #expect(set["PGPASSFILE"] == "/set/inside")
        // No session is around it.
        #expect(OwnLibpqFiles.toRestore(["PGPASSFILE": "/proc/self/fd/9"]).isEmpty)
    }

    @Test func `where our own files lie goes with it`() {
        let inside = inside(["PGFOB_STORE": "/own/profiles.db", "PGHOST": "evil"])
        #expect(inside["PGFOB_STORE"] == "/own/profiles.db" && inside["PGHOST"] == nil)
    }
}
