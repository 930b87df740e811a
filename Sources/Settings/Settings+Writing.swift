#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import TOML

extension Settings {
    /// Writes the theme's name into the file, in place of the old one or as its first line; everything else stays as it
    /// is, to the byte. A file that is not there is made.
    ///
    /// - Throws: ``TOMLProblem`` where the file is broken, or cannot be written; it is as it was then.
    package static func writeTheme(_ name: String, path: String) throws(TOMLProblem) {
        let line = "theme = \"\(name)\""
        let file = try TOMLFile(path: path)
        guard let file else { return try write(line + "\n", to: path, mode: 0o600) }
        guard
            let text = FileManager.default.contents(atPath: path).map({ String(decoding: $0, as: UTF8.self) })
        else {
            throw TOMLProblem("\(path) cannot be read", do: "check its permissions")
        }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if file.root.keys.contains("theme") {
            guard let at = file.root.line(of: "theme"), lines.indices.contains(at - 1) else {
                throw TOMLProblem("\(path): the line of theme is not found", do: "change it by hand")
            }
            // A comment behind the old value stays.
            let comment =
                lines[at - 1].firstRange(of: " #").map { String(lines[at - 1][$0.lowerBound...]) } ?? ""
            lines[at - 1] = line + comment
        } else {
            lines.insert(line, at: 0)
        }
        var status = stat()
        let mode = stat(path, &status) == 0 ? status.st_mode & 0o777 : 0o600
        try write(lines.joined(separator: "\n"), to: path, mode: mode)
    }

    /// Whole or not at all: a new file takes the old one's place. A link stays a link.
    private static func write(_ text: String, to path: String, mode: mode_t) throws(TOMLProblem) {
        let target = URL(filePath: path).resolvingSymlinksInPath()
        do {
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: target, options: .atomic)
        } catch {
            throw TOMLProblem("\(path) cannot be written", do: "check its folder's permissions and room")
        }
        chmod(target.path, mode)
    }
}
