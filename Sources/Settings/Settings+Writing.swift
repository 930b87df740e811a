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
        let line = Array("theme = \"\(name)\"".utf8)
        let file = try TOMLFile(path: path)
        guard let file else { return try write(line + [newline], to: path, mode: 0o600) }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw TOMLProblem("\(path) cannot be read", do: "check its permissions")
        }
        let mark = Array(data.prefix { Self.byteOrderMark.contains($0) })
        // By bytes: to Swift `\r\n` is one character, and no line's end.
        var lines = data.dropFirst(mark.count).split(separator: newline, omittingEmptySubsequences: false)
            .map { Array($0) }
        let end: [UInt8] = lines.count > 1 && lines[0].last == carriageReturn ? [carriageReturn] : []
        if file.root.keys.contains("theme") {
            guard let at = file.root.line(of: "theme"), lines.indices.contains(at - 1) else {
                throw TOMLProblem("\(path): the line of theme is not found", do: "change it by hand")
            }
            lines[at - 1] = line + behindValue(lines[at - 1])
        } else {
            lines.insert(line + end, at: 0)
        }
        let new = mark + lines.joined(separator: [newline])
        // A value of several lines, as TOML allows, would leave a part of itself.
        guard let read = try? TOMLFile(text: String(decoding: new, as: UTF8.self), path: path),
            (try? read.root.text("theme")) == name, read.root.keys.count >= file.root.keys.count
        else { throw TOMLProblem("\(path): the theme is not on a line of its own", do: "change it by hand") }
        var status = stat()
        let mode = stat(path, &status) == 0 ? status.st_mode & 0o777 : 0o600
        try write(new, to: path, mode: mode)
    }

    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    /// As some editors begin a file with it.
    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

    /// What stands behind the value of a line: blanks and a comment, and the line's end where that is more than a newline.
    private static func behindValue(_ line: [UInt8]) -> [UInt8] {
        let end: [UInt8] = line.last == carriageReturn ? [carriageReturn] : []
        var quote: UInt8?
        var isEscaped = false
        for (place, byte) in line.enumerated() {
            if isEscaped {
                isEscaped = false
            } else if let open = quote {
                isEscaped = byte == UInt8(ascii: "\\") && open == UInt8(ascii: "\"")
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: "#") {
                let blanks = line[..<place].reversed().prefix { $0 == 0x20 || $0 == 0x09 }
                return Array(line[(place - blanks.count)...])
            }
        }
        return end
    }

    /// Whole or not at all: a new file takes the old one's place. A link stays a link.
    private static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(TOMLProblem) {
        let target = URL(filePath: path).resolvingSymlinksInPath()
        do {
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: target, options: .atomic)
        } catch {
            throw TOMLProblem("\(path) cannot be written", do: "check its folder's permissions and room")
        }
        chmod(target.path, mode)
    }
}
