import Diagnosis
import Postgres
import Profiles
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Profiles by service and the environment: both are libpq's to read. The environment is the process's, so these
/// run one after the other.
@Suite(.serialized, .timeLimit(.minutes(14)))
struct ServiceTests {
    @Test func `a service names what is dialled, and the profile stands over it`() throws {
        let listener = try FaultListener([
            .read, .send(Wire.error("3D000", "database \"sales\" does not exist")),
        ])
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "[orders]\nhost=127.0.0.1\nport=\(listener.port)\ndbname=wrong\nuser=jane\nsslmode=disable\n",
            to: "services")
        setenv("PGSERVICEFILE", file, 1)
        defer { unsetenv("PGSERVICEFILE") }
        let trial = Trial(Trial.plan([("service", "orders"), ("dbname", "sales")], auth: .service))
        #expect(trial.causes.first?.code == .databaseMissing)
        #expect(trial.causes.first?.text.contains("sales") == true)
        #expect(trial.ended.first { $0.stage == .tcp }?.detail == "127.0.0.1:\(listener.port)")
    }

    @Test func `a service that is in no file fails before anything is dialled`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("[other]\nhost=h\n", to: "services")
        setenv("PGSERVICEFILE", file, 1)
        defer { unsetenv("PGSERVICEFILE") }
        let trial = Trial(Trial.plan([("service", "orders")], auth: .service))
        #expect(trial.causes.first?.code == .profileIncomplete)
        #expect(trial.result.observation?.text?.contains("\"orders\" not found in \(file) or ") == true)
        #expect(trial.failedStage == .profile)
    }
}
