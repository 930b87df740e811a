import Operations

/// Secrets go to pipes and files; a terminal has to ask for them.
enum Secrecy {
    /// - Throws: ``Refusal`` of kind `usage` where stdout is a terminal and `--show` is missing.
    static func check(show: Bool, _ what: String) throws(Refusal) {
        guard Output.isTerminal, !show else { return }
        throw Refusal(.usage, "\(what) is not shown on a terminal unasked", do: "pipe it, or add --show")
    }
}
