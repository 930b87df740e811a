import Secrets
import SigV4

/// Presigns tokens on one thread, the clock moving on by a second each, and prints how many came in a second.
///
///     PresignBenchmark [COUNT]
@main
enum PresignBenchmark {
    static func main() {
        let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 20_000
        let credentials = SigningCredentials(
            accessKeyID: "ASIAEXAMPLE", secretAccessKey: Secret(String(repeating: "s", count: 40)),
            sessionToken: Secret(String(repeating: "t", count: 897)))
        let request = TokenRequest(
            host: "orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com", port: 5432,
            kind: .rds(user: "jane_doe"), region: "eu-west-1")
        var bytes = 0
        let start = ContinuousClock.now
        for number in 0..<count {
            let time = SigningTime(seconds: 1_790_000_000 + number)
            bytes += AuthToken.presign(request, credentials: credentials, at: time).text.reveal().utf8.count
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        // The bytes are printed too, so that nothing of the work can be left out.
        print("\(Int(Double(count) / seconds)) \(bytes / count)")
    }
}
