#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Operations

/// This program's own file, and what it is when ssh runs it.
enum OwnProgram {
    /// The file that runs; nil where the system does not tell.
    static let path: String? = {
        var bytes = [CChar](repeating: 0, count: 4096)
        #if os(Linux)
        let count = readlink("/proc/self/exe", &bytes, bytes.count)
        guard count > 0 else { return nil }
        return String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #else
        var size = UInt32(bytes.count)
        guard _NSGetExecutablePath(&bytes, &size) == 0 else { return nil }
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #endif
    }()

    /// Hands a question of ssh to the pgfob that opens a tunnel, where that is what this process is for.
    ///
    /// - Returns: the exit code; nil where it is not.
    static func askpass() -> Int32? {
        func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
        return TunnelQuestions.answer(
            arguments: CommandLine.arguments, socket: variable(TunnelQuestions.variable),
            hint: variable("SSH_ASKPASS_PROMPT"))
    }
}
