import ArgumentParser

/// A subcommand whose words have to go together. That is looked at once the parser knows every one of them: what it does
/// not know is told before what is missing, which the parser's own `validate` would tell first.
protocol CheckedCommand: ParsableCommand {
    /// - Throws: `ValidationError` where they do not.
    func check() throws
}
