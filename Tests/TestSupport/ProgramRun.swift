/// A program that was run without a terminal, to its end.
package struct ProgramRun: Sendable {
    package var ending: ProgramEnding
    package var output: String
    package var errors: String

    /// The exit code, nil where a signal ended it.
    package var code: Int32? { if case .exited(let code) = ending { code } else { nil } }

    /// Runs it.
    ///
    /// - Parameters:
    ///   - environment: all that the program sees; nothing is inherited.
    ///   - input: what it reads on stdin.
    /// - Throws: ``TemporaryFolder/Failure`` where it cannot be started or does not end in time.
    package init(
        _ program: String, _ arguments: [String] = [], environment: [String: String], input: String = "",
        seconds: Double = 60
    ) throws {
        let child = try ChildProgram(program, arguments, environment: environment, input: input)
        ending = try child.end(within: seconds)
        output = child.output
        errors = child.errors
    }
}
