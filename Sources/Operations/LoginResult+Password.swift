import Diagnosis
import Postgres

extension LoginResult {
    /// What was wrong with the password, as the cause tells it.
    var passwordFault: PasswordFault? {
        switch observation.flatMap({ CauseFinder.causes(for: $0).first?.code }) {
        case .noPassword: .missing
        case .passwordRefused: .refused
        default: nil
        }
    }
}
