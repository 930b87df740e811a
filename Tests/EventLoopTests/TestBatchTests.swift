import Diagnosis
import EventLoop
import Operations
import Profiles
import TestSupport
import Testing

struct TestBatchTests {
    let folder: TemporaryFolder
    let verbs: Verbs

    init() throws {
        folder = try TemporaryFolder()
        verbs = Verbs(
            Surroundings(
                environment: ["HOME": folder.path], storePath: folder.file("p.db"),
                caFolder: folder.file("ca"),
                stateFolder: folder.file("state")))
    }

    /// Profiles that fail each in its own way, none of them on a network.
    private let profiles = (1...12).map { number in
        var profile = Profile(name: "p\(number)", host: number % 2 == 0 ? "127.0.0.1" : "no such host")
        profile.auth = .none
        profile.sslmode = .disable
        profile.port = 1
        return profile
    }

    @Test(arguments: [1, 5, 32])
    func `reports come in the order of the profiles whatever the number of jobs`(jobs: Int) throws {
        for profile in profiles where profile.host == "127.0.0.1" { try verbs.book.add(profile) }
        var names: [String] = []
        let ending = try TestBatch(verbs: verbs, jobs: jobs, timeout: .seconds(60)).run(profiles) {
            names.append($0.profileName)
            return true
        }
        #expect(names == profiles.map(\.name))
        #expect(ending == .failed)
        // What was found is remembered where there is a profile to remember it for.
        let saved = try verbs.book.live()
        #expect(saved.count == 6)
        #expect(saved.allSatisfy { $0.lastTest?.failedStage == "tcp" && $0.lastTest?.cause == "tcp-refused" })
    }

    @Test func `where nobody reads any more, nothing more is told`() throws {
        var count = 0
        _ = try TestBatch(verbs: verbs, jobs: 1, timeout: .seconds(60)).run(profiles) { _ in
            count += 1
            return count < 3
        }
        #expect(count == 3)
    }

    @Test func `nothing to test is no failure`() throws {
        let ending = try TestBatch(verbs: verbs, jobs: 4, timeout: .seconds(1)).run([]) { _ in true }
        #expect(ending == .passed)
    }
}
