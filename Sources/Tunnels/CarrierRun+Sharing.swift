#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import Profiles
import Workers

/// How a carrier comes to an ssh that it shares with other programs of this user.
extension CarrierRun {
    /// How soon it is looked once more, each time, after something has happened in the folder: the system tells of a file
    /// that is closed before it lets go of its lock.
    private static let looks: [Duration] = [.milliseconds(200), .seconds(1), .seconds(5)]
    /// How often it is looked where the system does not tell what happens in a folder.
    private static let look: Duration = .milliseconds(50)

    /// Joins the ssh that is up, waits for the one that another program is starting, or starts one.
    ///
    /// - Parameters:
    ///   - words: the tunnel's, for the user.
    ///   - command: how ssh is started, by where it is to take orders.
    ///   - environment: what ssh sees then.
    /// - Returns: nil where it cannot be shared, which the log tells: this program has one for itself then.
    /// - Throws: ``TunnelFailure``.
    static func share(
        _ carrier: Carrier, _ words: String, environment: [String: String],
        command: (_ control: String) throws(TunnelFailure) -> CarrierCommand
    ) throws(TunnelFailure) -> SharedMaster? {
        guard case .ssh(let destination, let port) = carrier.key else { return nil }
        let own = carrier.context.environment
        SharedMaster.stayAtEnd()
        // One that is not there, or does not understand its configuration, says so itself.
        guard let name = SharedName.of(destination, port, environment: own) else { return nil }
        guard let folder = SharedFolder(environment: own, named: name) else {
            carrier.context.log("\(words): no folder of mode 0700 to share the login in; not shared")
            return nil
        }
        let elsewhere = AskedElsewhere(carrier, words)
        defer { elsewhere.end() }
        let watch = FolderWatch(folder.path, closes: true)
        var (deadline, looked) = (ContinuousClock.now + Carrier.patience, 0)
        while true {
            SharedMaster.stayAtEnd(folder)
            // Before the look, which sees what happened until then.
            if watch.drain() { looked = 0 }
            if let master = SharedMaster(joining: folder) { return master }
            if let turn = LoginTurn(in: folder) {
                // It may have come up between the two.
                if let master = SharedMaster(joining: folder) { return master }
                let arguments = try command(SharedMaster.control(in: folder.path)).arguments
                var environment = environment
                environment[RuntimeFolder.mark] = folder.path
                if let master = SharedMaster(
                    starting: folder, turn, words, arguments, environment: environment)
                {
                    return master
                }
                carrier.context.log(
                    "\(words): the login cannot be shared by way of \(folder.path); not shared")
                return nil
            }
            guard carrier.isWanted else { throw TunnelFailure(.cancelled, "cancelled") }
            let told = LoginTurn.told(in: folder)
            // Where nobody waits here, nobody's time is lost by that.
            let takesTime = elsewhere.hear(told) || (told != nil && !carrier.isAwaited)
            if takesTime { deadline = max(deadline, .now + Carrier.patience) }
            if ContinuousClock.now >= deadline {
                if let told { throw AskedElsewhere.failure(told) }
                carrier.context.log("\(words): another pgfob does not finish its login; not shared")
                return nil
            }
            let next = watch.descriptor < 0 ? look : looked < looks.count ? looks[looked] : nil
            let left = takesTime ? nil : max(.zero, deadline - .now)
            carrier.nap([next, left].compactMap { $0 }.min(), [watch.descriptor])
            looked += 1
        }
    }
}

/// While another program asks for a login that this one waits for too, whoever waits here is told. Used by one thread.
private final class AskedElsewhere {
    private let carrier: Carrier
    private let words: String
    private var told: String?
    private var notice: Cancellation?

    init(_ carrier: Carrier, _ words: String) {
        (self.carrier, self.words) = (carrier, words)
    }

    static func failure(_ told: String) -> TunnelFailure { TunnelFailure(.timedOut, told) }

    /// - Parameter told: who is asked what; nil where nobody is.
    /// - Returns: whether somebody here knows, who may take their time.
    func hear(_ told: String?) -> Bool {
        if told != self.told { end() }
        self.told = told
        guard let told else { return false }
        carrier.note(Self.failure(told))
        if notice == nil, let waiter = carrier.waiter {
            let notice = Cancellation()
            let question = TunnelQuestion(
                tunnel: words, prompt: "\(words) waits for another pgfob.\n\(told)", kind: .notice)
            carrier.beginAsking()
            _ = WorkerThread.start { _ = waiter.answer(question, notice) }
            self.notice = notice
        }
        return notice != nil
    }

    func end() {
        guard let notice else { return }
        notice.cancel()
        self.notice = nil
        carrier.endAsking()
    }
}
