import Diagnosis
import TLS
import Workers

/// Which of a name's addresses is dialled.
extension LoginAttempt {
    mutating func dial(_ address: ResolvedAddress, at moment: Moment) -> Action {
        turns.dial(address, at: moment.instant)
        return .dial(address, oneOf: turns.left.count + 1)
    }

    /// The stage stays the one in which the address was silent.
    mutating func moveOn(at moment: Moment) -> Action {
        let took = turns.dialledAt.map { (moment.instant - $0).milliseconds } ?? 0
        let words = "\(turns.address?.text ?? plan.place) said nothing in \(TestReport.duration(took))"
        let left = turns.moveOn(words)
        return left.count == 1 ? dial(left[0], at: moment) : .probe(left)
    }
}
