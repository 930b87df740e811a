import App
import Diagnosis
import Operations

extension SessionEnd {
    /// Why the session's token was not renewed any more; nil where it was.
    mutating func take(_ refusal: Refusal?) {
        guard let refusal else { return }
        trouble = refusal.line
        login = refusal.login
        needsUser = refusal.cause?.asksForUser == true
    }
}
