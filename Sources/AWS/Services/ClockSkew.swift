#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import SigV4
import Synchronization

/// How far this machine's clock is from AWS's, as the `Date` headers of AWS's answers tell it.
///
/// AWS refuses a signature whose time is more than five minutes off, and RDS a token outside its fifteen
/// (AWS General Reference, "Signature Version 4"; Aurora User Guide, "IAM database authentication").
package final class ClockSkew: Sendable {
    /// Below this many seconds it is not worth a word: the header counts in whole seconds.
    package static let noticeable = 30.0

    private let corrects: @Sendable () -> Bool
    private let measured = Mutex<Double?>(nil)

    /// - Parameter corrects: whether signatures are made with AWS's time where the two differ noticeably; asked only
    ///   then.
    package init(corrects: @escaping @Sendable () -> Bool = { true }) {
        self.corrects = corrects
    }

    /// Takes the server's time, and when the answer to it was asked for and came.
    package func measure(_ date: Date, sent: Date, received: Date) {
        let trip = received.timeIntervalSince(sent)
        // A slow answer tells little: its date may be from any moment of the way.
        guard trip >= 0, trip < 10 else { return }
        let middle = sent.addingTimeInterval(trip / 2)
        // The header has no fractions: its second is meant from the beginning to the end.
        let skew = date.addingTimeInterval(0.5).timeIntervalSince(middle)
        measured.withLock { $0 = skew }
    }

    /// Takes what a database of AWS's said of the time, in seconds that it is ahead: worth something only while no
    /// answer of AWS's own is there.
    package func note(database seconds: Double) {
        guard seconds.isFinite else { return }
        measured.withLock { $0 = $0 ?? seconds }
    }

    /// Seconds that AWS is ahead of this machine; nil where that is unknown.
    package var seconds: Double? { measured.withLock { $0 } }

    /// Seconds to add to this machine's clock before signing.
    package var correction: Double {
        guard let seconds, abs(seconds) >= Self.noticeable, corrects() else { return 0 }
        return seconds
    }

    /// When something that AWS's clock says ends by this machine's.
    package func local(_ end: Date) -> Date { end.addingTimeInterval(-correction) }

    /// The time to sign with.
    package func signingTime(at now: Date) -> SigningTime { SigningTime(now.addingTimeInterval(correction)) }
}

extension SigningTime {
    /// The second that an instant is in.
    package init(_ date: Date) {
        let seconds = date.timeIntervalSince1970.rounded(.down)
        self.init(seconds: seconds.isFinite ? Int(min(max(seconds, -1e12), 1e12)) : 0)
    }
}
