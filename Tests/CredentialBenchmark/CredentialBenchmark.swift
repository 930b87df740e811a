#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS

/// Resolves credentials anew each time, files and all, and prints the median in microseconds: of the environment's
/// keys, and of static keys in the credentials file of `HOME`.
///
///     CredentialBenchmark [COUNT]
@main
enum CredentialBenchmark {
    static func main() throws {
        let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 200
        let plain = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("AWS_") }
        let keys = ["AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s"]
        let environment = try median(plain.merging(keys) { $1 }, profile: nil, count)
        let file = try median(plain, profile: "bench", count)
        print("\(environment) \(file)")
    }

    private static func median(_ environment: [String: String], profile: String?, _ count: Int) throws -> Int
    {
        var times: [Double] = []
        for _ in 0..<count {
            let start = ContinuousClock.now
            let chain = CredentialChain(environment: environment)
            let report = chain.report(CredentialRequest(profile: profile, now: Date()))
            times.append((ContinuousClock.now - start) / .microseconds(1))
            // What did not answer must not look fast.
            _ = try report.get()
        }
        return Int(times.sorted()[times.count / 2])
    }
}
