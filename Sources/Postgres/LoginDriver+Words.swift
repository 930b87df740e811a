#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Diagnosis
import Profiles
import Secrets
import Workers

/// What is told of a login that was refused: more than libpq knows, and no secret.
extension LoginDriver {
    /// Of a connection that its far end closed libpq only says that it is closed; the tunnel's program says why, and
    /// may be a moment later than the end itself.
    func withTunnel(_ event: LoginAttempt.Event) -> LoginAttempt.Event {
        guard let complaint = plan.tunnelComplaint,
            case .refused(var message, let network, let needsPassword) = event, message.sqlstate == nil,
            ["closed", "eof", "reset"].contains(where: { message.text.lowercased().contains($0) })
        else { return event }
        let end = min(wait.deadline, .now + .milliseconds(300))
        while true {
            if let words = complaint() {
                message.text = "tunnel: \(words)\n\(message.text)"
                return .refused(message, network: network, needsPassword: needsPassword)
            }
            var nothing: [pollfd] = []
            let step = Wait(deadline: min(end, .now + .milliseconds(5)), cancellation: wait.cancellation)
            if step.until(&nothing) == .cancelled || ContinuousClock.now >= end { return event }
        }
    }

    /// A server that repeats the token in its error would have it shown and stored.
    func withoutSecret(_ event: LoginAttempt.Event) -> LoginAttempt.Event {
        guard case .refused(var message, let network, let needsPassword) = event else { return event }
        message.text = withoutSecret(message.text)
        return .refused(message, network: network, needsPassword: needsPassword)
    }

    /// Why a question about details was not answered, on one line.
    func reason(_ message: LibpqMessage) -> String {
        let line = withoutSecret(message.text).split(separator: "\n").first.map(String.init) ?? "refused"
        return VisibleText.line(line)
    }

    private func withoutSecret(_ text: String) -> String {
        guard let password = plan.password, !password.isEmpty else { return text }
        return SecretText.redacted(text, password: password.reveal())
    }
}
