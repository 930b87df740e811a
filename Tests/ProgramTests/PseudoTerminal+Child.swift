import TestSupport

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension PseudoTerminal {
    /// The only child of the program on it; nil where it has none or several.
    var child: pid_t? {
        guard let file = fopen("/proc/\(pid)/task/\(pid)/children", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 64)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let children = text.split(separator: " ").compactMap { pid_t($0) }
        return children.count == 1 ? children[0] : nil
    }
}
