#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Profiles
import Screen

/// Asks on the terminal.
enum Prompt {
    /// One line, without blanks at its ends; nil where the input has ended.
    static func line(_ question: String) -> String? {
        Output.ask(DisplayText.sanitised(question))
        return readLine()?.trimmingBlanks()
    }

    /// The same without showing what is typed; ^C and ^D give it up. The corresponding C function is `tcsetattr`.
    static func hidden(_ question: String) -> String? {
        var modes = termios()
        guard tcgetattr(0, &modes) == 0 else { return line(question) }
        var silent = modes
        // Signals are keys for a moment: one that ended the program here would leave the terminal silent.
        silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        tcsetattr(0, TCSAFLUSH, &silent)
        defer {
            tcsetattr(0, TCSAFLUSH, &modes)
            Output.ask("\n")
        }
        Output.ask(DisplayText.sanitised(question))
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(0, &byte, 1) == 1 {
            switch byte {
            case 0x0a, 0x0d: return String(decoding: bytes, as: UTF8.self).trimmingBlanks()
            case 0x03, 0x04: return nil
            case 0x08, 0x7f: _ = bytes.popLast()
            default: bytes.append(byte)
            }
        }
        return nil
    }
}
