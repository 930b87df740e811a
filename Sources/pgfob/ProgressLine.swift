import EventLoop

/// How far a batch of tests is, on one line of stderr that is written over; nothing where that is no terminal.
final class ProgressLine {
    private let isShown: Bool
    private var isThere = false
    private var last: ContinuousClock.Instant?

    init(isShown: Bool) {
        self.isShown = isShown && Output.errorsAreTerminal
    }

    func show(_ progress: TestBatch.Progress) {
        guard isShown, progress.done < progress.count else { return }
        // Read by people: ten times a second is enough.
        let now = ContinuousClock.now
        if let last, now - last < .milliseconds(100), isThere { return }
        last = now
        isThere = true
        Output.write("\r\u{1b}[K\(progress.done)/\(progress.count) tested, \(progress.failed) failed", to: 2)
    }

    func clear() {
        guard isThere else { return }
        isThere = false
        Output.write("\r\u{1b}[K", to: 2)
    }
}
