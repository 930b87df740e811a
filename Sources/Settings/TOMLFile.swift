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
struct TOMLFile {
    /// No settings are longer.
    private static let limit = 1_000_000

    let path: String
    private let table: TOMLTable
    private let lines: [Substring]

    /// - Returns: nil where there is no such file.
    /// - Throws: ``SettingsProblem`` where it cannot be read, or is no TOML.
    init?(path: String) throws(SettingsProblem) {
        guard access(path, F_OK) == 0 else {
            guard errno == ENOENT || errno == ENOTDIR else {
                throw SettingsProblem("\(path) cannot be reached", do: "check the permissions of its folders")
            }
            return nil
        }
        self.path = path
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            throw SettingsProblem("\(path) cannot be read", do: "check that it is a file and its permissions")
        }
        guard data.count <= Self.limit else {
            throw SettingsProblem("\(path) is larger than \(Self.limit / 1_000_000) MB", do: "shorten it")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw SettingsProblem("\(path) is not UTF-8", do: "save it as UTF-8")
        }
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw SettingsProblem(
                "\(path):\(error.source.begin.line): \(DialAddress.shown(error.description))",
                do: "correct the line (TOML: key = \"value\")")
        } catch {
            throw SettingsProblem("\(path) is not TOML", do: "correct it (TOML: key = \"value\")")
        }
    }

    var keys: [String] { table.keys.sorted() }

    /// The names of a table's keys.
    func keys(of name: String) -> [String] { table[name]?.table?.keys.sorted() ?? [] }

    /// A text at the top level.
    ///
    /// - Throws: ``SettingsProblem`` where it is of another type.
    func text(_ key: String) throws(SettingsProblem) -> String? {
        guard let value = table[key] else { return nil }
        guard let text = value.string else {
            throw SettingsProblem("\(place(of: key)): \(key) is not a text", do: "write \(key) = \"...\"")
        }
        return text.isEmpty ? nil : text
    }

    /// A flag at the top level; nil where it is absent.
    ///
    /// - Throws: ``SettingsProblem`` where it is of another type.
    func flag(_ key: String) throws(SettingsProblem) -> Bool? {
        guard let value = table[key] else { return nil }
        guard let flag = value.bool else {
            throw SettingsProblem(
                "\(place(of: key)): \(key) is not a flag", do: "write \(key) = true or false")
        }
        return flag
    }

    /// A text inside a table; `nil` where it is absent.
    func text(_ key: String, in name: String) throws(SettingsProblem) -> String? {
        guard let value = table[name]?.table?[key] else { return nil }
        // A palette entry may be written as a number.
        if let number = value.int { return String(number) }
        guard let text = value.string else {
            throw SettingsProblem(
                "\(place(of: key, in: name)): \(name).\(key) is not a text", do: "write \"...\"")
        }
        return text
    }

    /// A flag inside a table.
    func flag(_ key: String, in name: String) throws(SettingsProblem) -> Bool {
        guard let value = table[name]?.table?[key] else { return false }
        guard let flag = value.bool else {
            throw SettingsProblem(
                "\(place(of: key, in: name)): \(name).\(key) is not a flag", do: "write true or false")
        }
        return flag
    }

    func isTable(_ name: String) -> Bool { table[name]?.table != nil }

    /// `FILE:LINE` of a key, as far as the text tells.
    func place(of key: String, in name: String? = nil) -> String {
        var inside = name == nil
        for (index, line) in lines.enumerated() {
            let content = line.trimmingBlanks()
            if content.hasPrefix("[") {
                inside = name.map { content.hasPrefix("[\($0)]") } ?? content.hasPrefix("[\(key)]")
                if inside, name == nil { return "\(path):\(index + 1)" }
                continue
            }
            if let name, content.hasPrefix("\(name) ") || content.hasPrefix("\(name)=") {
                return "\(path):\(index + 1)"
            }
            guard inside, content.hasPrefix(key) else { continue }
            let rest = content.dropFirst(key.count).drop { $0 == " " || $0 == "\t" }
            if rest.hasPrefix("=") { return "\(path):\(index + 1)" }
        }
        return path
    }
}
