import Profiles
import Workers

/// A login to AWS, made ready to run in the user's terminal.
package enum LoginCommand {
    /// - Parameter words: by argv, beginning with `aws`.
    /// - Throws: ``Refusal`` where the command is not installed: pgfob needs it for nothing else.
    package static func prepare(_ words: [String], _ surroundings: Surroundings) throws(Refusal)
        -> PsqlCommand
    {
        guard let name = words.first,
            let program = ProgramFinder(environment: surroundings.environment).all(name).first
        else {
            throw Refusal(
                .programNotFound, "the aws command, which logs in, is not installed",
                do:
                    "install AWS CLI 2 (https://docs.aws.amazon.com/cli), then run `\(words.joined(separator: " "))`"
            )
        }
        // The terminal's size is its own business, see PsqlCommand.
        let environment = surroundings.environment.filter { $0.key != "LINES" && $0.key != "COLUMNS" }
        return PsqlCommand(executable: program, arguments: Array(words.dropFirst()), environment: environment)
    }
}
