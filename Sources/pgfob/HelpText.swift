#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The argument parser's help, as wide as the terminal.
enum HelpText {
    /// Narrower than that nothing can be read.
    private static let least = 20

    /// The parser goes by COLUMNS: one that is no width makes every text empty.
    static func settleColumns() {
        guard let text = getenv("COLUMNS") else { return }
        if Int(String(cString: text)).map({ $0 < least }) ?? true { unsetenv("COLUMNS") }
    }

    /// With the line of the usage, which the parser leaves as long as it is, broken between its options.
    static func wrapped(_ help: String) -> String {
        help.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.hasPrefix("USAGE: ") ? wrapped(usage: String($0), to: columns) : String($0)
        }.joined(separator: "\n")
    }

    /// As the parser itself finds it.
    private static var columns: Int {
        if let text = getenv("COLUMNS"), let number = Int(String(cString: text)) { return number }
        return Output.columns(of: 1).flatMap { $0 >= least ? $0 : nil } ?? Output.standardColumns
    }

    private static func wrapped(usage: String, to columns: Int) -> String {
        let indentation = "         "
        var (lines, line) = ([String](), "")
        for word in words(usage) {
            if !line.isEmpty, line.count + 1 + word.count > columns {
                lines.append(line)
                line = indentation + word
            } else {
                line += line.isEmpty ? word : " " + word
            }
        }
        return (lines + [line]).joined(separator: "\n")
    }

    /// An option stays with its value: `[--name <name>]` is one word.
    private static func words(_ usage: String) -> [String] {
        var (words, depth) = ([String](), 0)
        for part in usage.split(separator: " ") {
            if depth > 0, let last = words.popLast() {
                words.append("\(last) \(part)")
            } else {
                words.append(String(part))
            }
            depth += part.count { $0 == "[" } - part.count { $0 == "]" }
        }
        return words
    }
}
