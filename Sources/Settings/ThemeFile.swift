#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Profiles
import Screen

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
    /// - Throws: ``SettingsProblem`` that names file, line and key.
    package static func load(_ path: String, name: String) throws(SettingsProblem) -> Theme {
        guard let file = try TOMLFile(path: path) else {
            throw SettingsProblem("there is no theme file \(path)", do: "choose another theme")
        }
        var styles: [Role: Style] = [:]
        for key in file.keys {
            guard let role = Role(rawValue: key), file.isTable(key) else {
                let nearest = Nearest.match(key, among: Role.allCases.map(\.rawValue))
                throw SettingsProblem(
                    "\(file.place(of: key)): \(key) is no role of the screen",
                    do: nearest.map { "did you mean \($0)?" } ?? "take a role of themes/standard.toml")
            }
            styles[role] = try style(file, key)
        }
        return Theme(name: name, styles: styles)
    }

    /// Looks for `NAME.toml` in the folders, in order.
    ///
    /// - Throws: ``SettingsProblem`` where it is in none of them, or is wrong.
    package static func find(named name: String, folders: [String]) throws(SettingsProblem) -> Theme {
        guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else {
            throw SettingsProblem(
                "\"\(DialAddress.shown(name))\" is no name of a theme", do: "name one without a path")
        }
        for folder in folders {
            let path = "\(folder)/\(name).toml"
            if access(path, F_OK) == 0 { return try load(path, name: name) }
        }
        throw SettingsProblem(
            "there is no theme \"\(DialAddress.shown(name))\"",
            do: "put \(DialAddress.shown(name)).toml into \(folders.last ?? "the themes folder")")
    }

    /// The themes of an installed pgfob: `../share/pgfob/themes` beside the binary.
    package static var installedFolder: String? {
        #if os(Linux)
        var bytes = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &bytes, bytes.count)
        guard count > 0 else { return nil }
        let binary = String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let parts = binary.split(separator: "/").dropLast(2)
        return "/" + (parts + ["share", "pgfob", "themes"]).joined(separator: "/")
        #else
        return nil
        #endif
    }

    private static func style(_ file: TOMLFile, _ role: String) throws(SettingsProblem) -> Style {
        var style = Style()
        for key in file.keys(of: role) {
            switch key {
            case "foreground": style.foreground = try colour(file, key, role)
            case "background": style.background = try colour(file, key, role)
            default:
                guard let known = attributes.first(where: { $0.key == key }) else {
                    throw SettingsProblem(
                        "\(file.place(of: key, in: role)): \(role).\(key) is unknown",
                        do: "take foreground, background, bold, dim, italic, underline or reverse")
                }
                if try file.flag(key, in: role) { style.attributes.insert(known.attribute) }
            }
        }
        return style
    }

    private static func colour(_ file: TOMLFile, _ key: String, _ role: String) throws(SettingsProblem)
        -> Color
    {
        let text = (try file.text(key, in: role) ?? "").lowercased()
        if text == "terminal" { return .terminal }
        if let index = sixteen.firstIndex(of: text) { return .palette(UInt8(index)) }
        if let index = UInt8(text) { return .palette(index) }
        let digits = text.dropFirst()
        if text.hasPrefix("#"), digits.utf8.count == 6, let value = UInt32(digits, radix: 16) {
            return .rgb(UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255))
        }
        throw SettingsProblem(
            "\(file.place(of: key, in: role)): \(role).\(key) \"\(DialAddress.shown(text))\" is no colour",
            do: "write \"terminal\", \"red\", \"bright-blue\", 0 to 255 or \"#rrggbb\"")
    }
}
