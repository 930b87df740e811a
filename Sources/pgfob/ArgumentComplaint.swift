import ArgumentParser
import Profiles

/// What the argument parser has to say: help on stdout, complaints as one line on stderr.
struct ArgumentComplaint {
    private let error: any Error
    private let arguments: [String]

    init(_ error: any Error, arguments: [String]) {
        self.error = error
        self.arguments = arguments
    }

    /// Says it.
    ///
    /// - Returns: 0 for help, the version and completions, 2 for a wrong call.
    func tell() -> Int32 {
        if Pgfob.exitCode(for: error) == .success {
            Output.print(Pgfob.fullMessage(for: error))
            return 0
        }
        Output.complain(line)
        return 2
    }

    private var line: String {
        if let mistyped = mistypedSubcommand { return mistyped }
        let message = Pgfob.message(for: error).split(whereSeparator: \.isNewline).joined(separator: " ")
        let subcommand = arguments.first.flatMap { Pgfob.names.contains($0) ? " \($0)" : nil } ?? ""
        return "\(message.trimmingBlanks()): see `pgfob help\(subcommand)`"
    }

    private var mistypedSubcommand: String? {
        guard let first = arguments.first, !first.hasPrefix("-"), !Pgfob.names.contains(first) else {
            return nil
        }
        let shown = DialAddress.shown(first)
        let remedy = Nearest.match(first, among: Pgfob.names).map { "did you mean `pgfob \($0)`?" }
        return "there is no subcommand \"\(shown)\": \(remedy ?? "`pgfob --help` lists them")"
    }
}
