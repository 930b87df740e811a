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
import Profiles
import TOMLKit

/// A TOML file with its text, so that complaints can name the line.
package struct TOMLFile {
    /// No settings are longer.
    private static let limit = 1_000_000

    package let path: String
    private let table: TOMLTable
    /// As TOML counts them, from the file's first byte but a byte order mark.
    private let lines: [Substring]

    /// - Returns: nil where there is no such file.
    /// - Throws: ``TOMLProblem`` where it cannot be read, or is no TOML.
    package init?(path: String) throws(TOMLProblem) {
        guard access(path, F_OK) == 0 else {
            guard errno == ENOENT || errno == ENOTDIR else {
                throw TOMLProblem("\(path) cannot be reached", do: "check the permissions of its folders")
            }
            return nil
        }
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            throw TOMLProblem("\(path) cannot be read", do: "check that it is a file and its permissions")
        }
        guard data.count <= Self.limit else {
            throw TOMLProblem("\(path) is larger than \(Self.limit / 1_000_000) MB", do: "shorten it")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            let place = data.split(separator: 0x0a, omittingEmptySubsequences: false).firstIndex {
                String(validating: $0, as: UTF8.self) == nil
            }
            let line = (place ?? 0) + 1
            throw TOMLProblem(
                "\(path):\(line): the line is not UTF-8", do: "save the file as UTF-8", line: line)
        }
        try self.init(text: text, path: path)
    }

    /// Reads a text that stands for a file.
    ///
    /// - Parameter path: as complaints name it.
    /// - Throws: ``TOMLProblem`` where it is no TOML.
    package init(text: String, path: String) throws(TOMLProblem) {
        self.path = path
        // By scalars: to Swift `\r\n` is one character, and other characters are newlines that are none to TOML.
        lines = text.unicodeScalars.drop { $0 == "\u{feff}" }.split(
            separator: "\n", omittingEmptySubsequences: false
        )
        .map { Substring($0) }
        if let line = TOMLHeaders.unreadable(text) {
            throw TOMLProblem(
                "\(path):\(line): the table's name does not begin with a letter, a digit, '_', '-' or a quote",
                do: "write [name], other names in quotes", line: line)
        }
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw TOMLProblem(
                "\(path):\(error.source.begin.line): \(DialAddress.shown(error.description))",
                do: "correct the line (TOML: key = \"value\")", line: Int(error.source.begin.line))
        } catch {
            throw TOMLProblem("\(path) is not TOML", do: "correct it (TOML: key = \"value\")")
        }
    }

    /// The keys and values at the top level.
    package var root: TOMLSection { TOMLSection(file: self, table: table, name: "", occurrence: 0) }

    /// `FILE:LINE` of a key, as far as the text tells.
    func place(of key: String?, in section: String, _ occurrence: Int = 0) -> String {
        line(of: key, in: section, occurrence).map { "\(path):\($0)" } ?? path
    }

    /// The line on which a key stands, from 1, as far as the text tells; else that of its table.
    ///
    /// - Parameters:
    ///   - section: the dotted name of its table, empty at the top level.
    ///   - occurrence: which of several tables of that name, from 0.
    func line(of key: String?, in section: String, _ occurrence: Int = 0) -> Int? {
        var inside = section.isEmpty
        var header: Int?
        var met = -1
        for (index, line) in lines.enumerated() {
            let content = line.trimmingBlanks()
            if content.hasPrefix("[") {
                let name = content.drop { $0 == "[" }.prefix { $0 != "]" }.filter { $0 != " " && $0 != "\"" }
                if name == section { met += 1 }
                inside = name == section && met == occurrence
                if inside, header == nil { header = index + 1 }
                // At the top level a key may itself be a table.
                if section.isEmpty, let key, name == key || name.hasPrefix("\(key).") {
                    return index + 1
                }
                continue
            }
            // `name = { ... }` and `name.key = ...` say the same in one line.
            if !section.isEmpty, header == nil, Self.assigns(content, section) { header = index + 1 }
            if inside, let key, Self.assigns(content, key) { return index + 1 }
        }
        return header
    }

    private static func assigns(_ line: String, _ key: String) -> Bool {
        for written in [key, "\"\(key)\""] where line.hasPrefix(written) {
            let rest = line.dropFirst(written.count).drop { $0 == " " || $0 == "\t" }
            if rest.hasPrefix("=") || rest.hasPrefix(".") { return true }
        }
        return false
    }
}
