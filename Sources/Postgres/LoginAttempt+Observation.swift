import Diagnosis
import Profiles

/// What is known where a stage failed.
extension LoginAttempt {
    func observe(_ stage: Stage, text: String?, at moment: Moment) -> Observation {
        var seen = Observation(
            stage: stage, text: text.map { SecretText.redacted(VisibleText.lines($0)) }, auth: plan.auth,
            tokenExpired: plan.tokenClock.map { $0.expiresAt <= moment.date } ?? false,
            host: stage == .tls && !plan.host.isEmpty ? plan.host : plan.place, port: plan.port,
            user: plan.user,
            database: plan.database)
        (seen.token, seen.serverNames) = (plan.token, serverNames.split(separator: " ").map(String.init))
        (seen.endpoint, seen.endpointPort) = (plan.endpoint, plan.endpointPort)
        (seen.dialNamesPort, seen.hasOwnRoots) = (plan.dialNamesPort, plan.hasOwnRoots)
        (seen.tunnel, seen.sslmode, seen.profile) = (plan.tunnel, plan.sslmode, plan.profile)
        if !found.isEmpty {
            // Of addresses of both kinds neither holds.
            let isPrivate = Set(found.map(\.isPrivate))
            seen.isPrivate = isPrivate.count == 1 ? isPrivate.first : nil
            seen.isIPv6 = found.allSatisfy(\.isIPv6)
        }
        if let named, let firstStart, named * 2 > moment.instant - firstStart {
            seen.nameTook = TestReport.duration(named.milliseconds)
        }
        if plan.tunnel == nil, let dial = plan.dial {
            seen.dial = "\(dial.host.contains(":") ? "[\(dial.host)]" : dial.host):\(dial.port)"
        }
        return seen
    }
}
