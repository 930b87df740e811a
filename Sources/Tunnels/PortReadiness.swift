import Workers

/// Waits for a program that takes connections at a port of this machine. It is looked for among the system's listening
/// sockets: a connection of our own would be the only one that some programs take.
struct PortReadiness {
    private static let longest: Duration = .milliseconds(500)
    /// After so long it is tried by connecting: what the system forwards by rules of its own shows no socket.
    private static let patience: Duration = .seconds(3)

    private var nextTry = ContinuousClock.now + patience
    /// How long to wait before the next look.
    private(set) var pause: Duration = .milliseconds(10)

    mutating func look(at port: Int) -> Bool {
        pause = min(Self.longest, pause * 2)
        let isListening = LocalPort.isListening(port)
        if isListening == true { return true }
        let now = ContinuousClock.now
        guard isListening == nil || now >= nextTry else { return false }
        nextTry = now + .seconds(1)
        return LocalPort.takes(port)
    }
}
