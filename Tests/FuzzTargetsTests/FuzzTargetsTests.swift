#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import FuzzTargets
import TestSupport
import Testing

/// What the fuzzer starts from, and what it has found: kept so that nothing of it comes back.
@Suite(.timeLimit(.minutes(14)))
struct FuzzTargetsTests {
    private static func inputs(_ target: FuzzTarget, _ kind: String) -> [(name: String, bytes: [UInt8])] {
        let folder = "\(ProgramPath.repository)/Tests/FuzzTargets/\(kind)/\(target.rawValue)"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().compactMap { name in
            FileManager.default.contents(atPath: "\(folder)/\(name)").map { (name, Array($0)) }
        }
    }

    @Test(arguments: FuzzTarget.allCases)
    func `a reader takes what it is fuzzed from`(target: FuzzTarget) throws {
        let seeds = Self.inputs(target, "Seeds")
        #expect(!seeds.isEmpty)
        for (name, bytes) in seeds + Self.inputs(target, "Found") {
            do throws(FuzzTarget.Broken) { try target.take(bytes) } catch {
                Issue.record("\(target.rawValue)/\(name): \(error.what)")
            }
        }
    }
}
