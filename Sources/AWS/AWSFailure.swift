/// Why there are no credentials: what was found, and what to do.
package struct AWSFailure: Error, Sendable, Hashable {
    /// A cause code of the `aws` stage (design/cli.md).
    package var code: String
    /// What is wrong. Holds no secret.
    package var message: String
    package var whatToDo: String
    /// What every provider said, in the order in which they were asked.
    package var reasons: [String]

    package init(_ code: String, _ message: String, do whatToDo: String, reasons: [String] = []) {
        self.code = code
        self.message = message
        self.whatToDo = whatToDo
        self.reasons = reasons
    }
}
