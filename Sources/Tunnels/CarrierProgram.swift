/// A program that carries tunnels, as the carrier sees it while it runs. Used by one thread at a time.
protocol CarrierProgram: AnyObject {
    /// What to poll for: readable when it has written something, or may have ended.
    var descriptors: [Int32] { get }

    /// How often it must be looked at nevertheless; nil where it need not.
    var rhythm: Duration? { get }

    /// The whole lines that it has written since the last call; once it has ended, what it left of one as well.
    func lines() -> [String]

    /// Asks, without waiting, whether it has ended.
    func reap() -> CarrierEnding?

    /// Ends this process's use of it, and with the last use the program and all that it has started.
    func stop()

    /// Closes what its words come by, which are read before.
    func close()
}

/// How such a program ended.
enum CarrierEnding: Sendable, Hashable {
    case exited(Int32)
    case killed(Int32)
    /// Nobody knows.
    case gone

    /// As a shell tells it that waited for it: a signal by 128 and its number.
    init(shellCode code: Int32) { self = (129...192).contains(code) ? .killed(code - 128) : .exited(code) }

    /// The end of a sentence that begins with the program.
    var words: String {
        switch self {
        case .exited(let code): "ended with \(code)"
        case .killed(let signal): "was killed by signal \(signal)"
        case .gone: "has ended"
        }
    }
}
