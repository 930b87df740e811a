import Diagnosis
import Testing

/// One failure as libpq 15 reported it in facts/fleet.md 3.3, and the code that design/cli.md gives it.
struct Sighting: Sendable, CustomTestStringConvertible {
    var seen: Observation
    var code: CauseCode
    var testDescription: String { "\(code.rawValue): \(seen.text?.prefix(50) ?? "\(seen.ending)")" }

    init(
        _ stage: Stage, _ text: String?, _ sqlstate: String, _ code: CauseCode,
        change: (inout Observation) -> Void = { _ in }
    ) {
        self.init(stage, text, code) { seen in
            seen.sqlstate = sqlstate
            change(&seen)
        }
    }

    init(
        _ stage: Stage, _ text: String?, _ code: CauseCode,
        change: (inout Observation) -> Void = { _ in }
    ) {
        let prefix = "connection to server at \"10.0.0.1\", port 5432 failed: "
        seen = Observation(
            stage: stage, text: text.map { prefix + $0 }, auth: .iam, host: "orders.example",
            port: "5432", user: "u", database: "d")
        change(&seen)
        self.code = code
    }
}
