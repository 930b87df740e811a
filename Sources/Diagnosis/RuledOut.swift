import Profiles

/// What a failed test has shown to be in order: what nobody needs to look at any more.
package enum RuledOut {
    static let nothingSent = "no secret was sent"

    /// In words, in the order of the stages.
    ///
    /// - Parameters:
    ///   - failed: the stage that failed.
    ///   - sslmode: how far the server's certificate was checked; nil where that is not known.
    ///   - tunnel: what the connection goes through; one of AWS's asks AWS with credentials of its own.
    package static func words(
        _ stages: [StageResult], failedAt failed: Stage?, sslmode: SSLMode? = .verifyFull,
        tunnel: TunnelDefinition? = nil
    ) -> [String] {
        guard let failed else { return [] }
        let passed = Set(stages.filter { $0.outcome == .ok && $0.stage < failed }.map(\.stage))
        var words: [String] = []
        if passed.contains(.aws), !tunnel.asksAWS || failed > .tcp { words.append("AWS credentials") }
        if passed.contains(.dns) { words.append("DNS") }
        // A tunnel takes connections whether or not its far end has a way to the server.
        if passed.contains(.tcp), tunnel == nil || failed > .tls { words.append("network path and port") }
        // Without a look at the certificate's name it may be anybody's.
        switch sslmode {
        case .verifyFull where passed.contains(.tls): words.append("TLS and the server's certificate")
        case .require where passed.contains(.tls), .verifyCA where passed.contains(.tls):
            words.append("encryption")
        default: break
        }
        if passed.contains(.auth) {
            words.append(passed.contains(.token) ? "token, policy and user" : "login")
        }
        // What libpq never got as far as to send.
        if failed <= .tls, failed >= .dns { words.append(nothingSent) }
        return words
    }
}

extension TunnelDefinition? {
    fileprivate var asksAWS: Bool { if case .ssm = self { true } else { false } }
}
