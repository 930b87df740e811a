/// What a tunnel's program asks the user: a passphrase, a password, whether a host key is right.
package struct TunnelQuestion: Sendable, Hashable {
    /// Which tunnel, as in ``TunnelDefinition/words``.
    package var tunnel: String
    /// The program's own words.
    package var prompt: String
    package var kind: Kind

    package enum Kind: Sendable, Hashable {
        /// The answer must not be seen.
        case secret
        /// A yes or a no, which may.
        case visible
        /// Something to do elsewhere, such as touching a key: there is nothing to answer.
        case notice
    }

    package init(tunnel: String, prompt: String, kind: Kind) {
        self.tunnel = tunnel
        self.prompt = prompt
        self.kind = kind
    }
}
