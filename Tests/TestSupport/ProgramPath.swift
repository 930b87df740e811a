#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Where the things that tests start stand.
package enum ProgramPath {
    /// The top of the repository.
    package static var repository: String {
        // Tests/TestSupport/ProgramPath.swift: three steps up.
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    }

    /// The built program: `PGFOB_BINARY`, else the one beside the running tests.
    package static var pgfob: String { getenv("PGFOB_BINARY").map { String(cString: $0) } ?? built("pgfob") }

    /// An executable of this package, beside the running tests.
    package static func built(_ name: String) -> String {
        // Any folder above the running test program that holds it; SwiftPM runs tests from its build folder.
        for start in [CommandLine.arguments.first ?? "", ownExecutable] {
            var parts = start.split(separator: "/", omittingEmptySubsequences: false)
            while parts.count > 1 {
                parts.removeLast()
                let candidate = (parts + [Substring(name)]).joined(separator: "/")
                if candidate.hasPrefix("/"), isProgram(candidate) { return candidate }
            }
        }
        return "\(repository)/.build/debug/\(name)"
    }

    private static var ownExecutable: String {
        var bytes = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether an executable file stands at a path.
    package static func isInstalled(_ path: String) -> Bool { isProgram(path) }

    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}
