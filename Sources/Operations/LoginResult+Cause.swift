import Diagnosis
import Postgres

extension LoginResult {
    /// Whether it failed for that.
    func isOf(_ code: CauseCode) -> Bool {
        observation.map { CauseFinder.causes(for: $0).first?.code == code } ?? false
    }
}
