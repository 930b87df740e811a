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
import Screen
import TOML

/// Themes as files: a table for each role, with colours and attributes.
package enum ThemeFile {
    private static let attributes: [(key: String, attribute: Style.Attributes)] = [
        ("bold", .bold), ("dim", .dim), ("italic", .italic), ("underline", .underline), ("reverse", .reverse),
    ]

    private static let sixteen = [
        "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "bright-black", "bright-red",
        "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan", "bright-white",
    ]

    /// Reads a theme. Roles that it does not name are the standard theme's.
    ///
    /// - Throws: ``TOMLProblem`` that names file, line and key.
    package static func load(_ path: String, name: String) throws(TOMLProblem) -> Theme {
        guard let file = try TOMLFile(path: path) else {
            throw TOMLProblem("there is no theme file \(path)", do: "choose another theme")
        }
        return try read(file, name: name)
    }

    /// The theme of a file that was read already.
    ///
    /// - Throws: ``TOMLProblem`` that names file, line and key.
    package static func read(_ file: TOMLFile, name: String) throws(TOMLProblem) -> Theme {
        var styles: [Role: Style] = [:]
        let root = file.root
        for key in root.keys {
            guard let role = Role(rawValue: key) else {
                let nearest = Nearest.match(key, among: Role.allCases.map(\.rawValue))
                throw TOMLProblem(
                    "\(root.place(of: key)): \(key) is no role of the screen",
                    do: nearest.map { "did you mean \($0)?" } ?? "take a role of themes/standard.toml")
            }
            if let section = try root.section(key) { styles[role] = try style(section) }
        }
        return Theme(name: name, styles: styles)
    }

    /// Looks for `NAME.toml` in the folders, in order.
    ///
    /// - Throws: ``TOMLProblem`` where it is in none of them, or is wrong.
    package static func find(named name: String, folders: [String]) throws(TOMLProblem) -> Theme {
        guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else {
            throw TOMLProblem(
                "\"\(DialAddress.shown(name))\" is no name of a theme", do: "name one without a path")
        }
        for folder in folders {
            let path = "\(folder)/\(name).toml"
            if access(path, F_OK) == 0 { return try load(path, name: name) }
        }
        throw TOMLProblem(
            "there is no theme \"\(DialAddress.shown(name))\"",
            do:
                "those that come with pgfob lie in share/pgfob/themes beside the folder of its program (copy the "
                + "source's themes there), your own are \(folders.last ?? "the themes folder")/NAME.toml")
    }

    /// The names of all themes in the folders, the standard one first.
    package static func names(in folders: [String]) -> [String] {
        var names: Set<String> = []
        for folder in folders {
            for file in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            where file.hasSuffix(".toml") && !file.hasPrefix(".") {
                names.insert(String(file.dropLast(5)))
            }
        }
        names.remove(Theme.standard.name)
        return [Theme.standard.name] + names.sorted()
    }

    /// The themes that come with pgfob: `share/pgfob/themes` beside the binary's folder where it is installed, `themes`
    /// in the source's folder where it was built. Nil where they are in neither.
    ///
    /// - Parameter program: the binary's path.
    package static func installedFolder(of program: String) -> String? {
        var parts = Array(program.split(separator: "/").dropLast())
        while !parts.isEmpty {
            parts.removeLast()
            let folder = parts.map { "/\($0)" }.joined()
            for candidate in ["\(folder)/share/pgfob/themes", "\(folder)/themes"]
            where access("\(candidate)/standard.toml", R_OK) == 0 {
                return candidate
            }
        }
        return nil
    }

    private static func style(_ section: TOMLSection) throws(TOMLProblem) -> Style {
        var style = Style()
        try section.refuseOthers(than: ["foreground", "background"] + attributes.map(\.key))
        style.foreground = try colour(section, "foreground") ?? .terminal
        style.background = try colour(section, "background") ?? .terminal
        for (key, attribute) in attributes where try section.flag(key) == true {
            style.attributes.insert(attribute)
        }
        return style
    }

    private static func colour(_ section: TOMLSection, _ key: String) throws(TOMLProblem) -> Color? {
        guard let text = try section.word(key)?.lowercased() else { return nil }
        if text == "terminal" { return .terminal }
        if let index = sixteen.firstIndex(of: text) { return .palette(UInt8(index)) }
        if let index = UInt8(text) { return .palette(index) }
        let digits = text.dropFirst()
        if text.hasPrefix("#"), digits.utf8.count == 6, let value = UInt32(digits, radix: 16) {
            return .rgb(UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255))
        }
        throw TOMLProblem(
            "\(section.place(of: key)): \(section.full(key)) \"\(DialAddress.shown(text))\" is no colour",
            do: "write \"terminal\", \"red\", \"bright-blue\", 0 to 255 or \"#rrggbb\"")
    }
}
