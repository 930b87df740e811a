import Profiles
import Screen

/// Asks on the terminal.
enum Prompt {
    /// One line, without blanks at its ends; nil where the input has ended.
    static func line(_ question: String) -> String? {
        Output.ask(DisplayText.sanitised(question))
        return readLine()?.trimmingBlanks()
    }
}
