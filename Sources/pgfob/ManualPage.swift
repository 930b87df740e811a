import ArgumentParser
import Profiles

/// The manual page, made from the definitions that the help is made from (mdoc(7)).
enum ManualPage {
    /// `pgfob --generate-manual`.
    static let option = "--generate-manual"

    static func text(date: String) -> String {
        let tree = JSONTree(Pgfob._dumpHelp().utf8)
        let command = tree?["command"]
        var lines = [
            ".\\\" Made by pgfob --generate-manual from the definitions of its command line.", ".Dd \(date)",
            ".Dt PGFOB 1", ".Os", ".Sh NAME", ".Nm pgfob",
            ".Nd \(plain(String((command?["abstract"]?.string ?? "").prefix { $0 != "." })))",
            ".Sh SYNOPSIS", ".Nm", ".Op Fl -store Ar path", ".Op Fl -config Ar path", ".Op Fl -verbose",
            ".Op Ar subcommand Op Ar ...", ".Sh DESCRIPTION",
        ]
        lines += paragraph(command?["discussion"]?.string).dropFirst()
        lines.append(".Sh SUBCOMMANDS")
        for sub in subcommands(of: command) { lines += section(sub, above: "") }
        lines.append(".Sh JSON")
        lines += paragraph(String(JSONShapes.text.prefix { $0 != "\n" })).dropFirst()
        lines.append(".Bl -tag -width Ds")
        for shape in JSONShapes.all {
            lines.append(".It Ic \(escaped(shape.name))")
            lines += paragraph(shape.occasion.map { "\($0):" }).dropFirst()
            // Broken behind commas, so that a page of any width holds it.
            lines += shape.text.replacing(",", with: ",\n").split(separator: "\n").map { plain(String($0)) }
        }
        lines.append(".El")
        lines += [
            ".Sh ENVIRONMENT", ".Bl -tag -width PGFOB_CONFIG", ".It Ev PGFOB_STORE",
            "The file of the profiles.",
            ".It Ev PGFOB_CONFIG", "The file of the settings.", ".It Ev PGFOB_THEME", "The name of a theme.",
            ".It Ev AWS_PROFILE , AWS_REGION , AWS_CONFIG_FILE",
            "and the others of the AWS command line are heeded.",
            ".El", ".Sh FILES", ".Bl -tag -width Ds", ".It Pa ~/.local/share/pgfob/profiles.db",
            "The profiles.",
            ".It Pa ~/.config/pgfob/config.toml", "The settings.",
            ".It Pa ~/.local/share/pgfob/ca/global-bundle.pem",
            "The certificates of RDS.", ".El", ".Sh EXIT STATUS",
            "0 done, 1 the thing asked about failed or was not found, 2 a wrong call, 3 AWS credentials are missing or",
            "have ended, 4 the store cannot be used, 130 interrupted.", ".Ic connect", "and", ".Ic exec",
            "end as the program did that they ran, or with 125 where pgfob failed, 126 and 127 where the program",
            "cannot be run or is not found.", ".Sh SEE ALSO", ".Xr psql 1",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func subcommands(of command: JSONTree?) -> [JSONTree] {
        guard case .array(let all)? = command?["subcommands"] else { return [] }
        return all.filter { $0["commandName"]?.string != "help" && $0["shouldDisplay"] != .bool(false) }
    }

    private static func section(_ command: JSONTree, above: String) -> [String] {
        let name = (above.isEmpty ? "" : "\(above) ") + (command["commandName"]?.string ?? "")
        var lines = [".Ss \(escaped(name))", plain(command["abstract"]?.string ?? "")]
        lines += paragraph(command["discussion"]?.string)
        let arguments = self.arguments(of: command)
        if !arguments.isEmpty {
            lines.append(".Bl -tag -width Ds")
            for argument in arguments {
                lines.append(item(argument))
                lines += paragraph(argument["abstract"]?.string).dropFirst()
            }
            lines.append(".El")
        }
        for sub in subcommands(of: command) { lines += section(sub, above: name) }
        return lines
    }

    /// Those of the command itself: what every command has stands at the top.
    private static func arguments(of command: JSONTree) -> [JSONTree] {
        guard case .array(let all)? = command["arguments"] else { return [] }
        let common: Set<String> = ["help", "version", "store", "config", "verbose"]
        return all.filter { argument in
            let name = argument["preferredName"]?["name"]?.string ?? ""
            return argument["shouldDisplay"] != .bool(false) && !common.contains(name)
        }
    }

    private static func item(_ argument: JSONTree) -> String {
        let value = argument["valueName"]?.string ?? ""
        let name = argument["preferredName"]?["name"]?.string ?? ""
        switch argument["kind"]?.string {
        case "flag": return ".It Fl -\(escaped(name))"
        case "option": return ".It Fl -\(escaped(name)) Ar \(escaped(value))"
        default: return ".It Ar \(escaped(value))"
        }
    }

    /// A sentence a line, broken before 80 columns, as mdoc(7) wants them.
    private static func paragraph(_ text: String?) -> [String] {
        guard let text, !text.isEmpty else { return [] }
        var lines = [".Pp"]
        for sentence in text.replacing("\n", with: " ").replacing(". ", with: ".\n").split(separator: "\n") {
            var line = ""
            for word in sentence.split(separator: " ") {
                if !line.isEmpty, line.count + word.count > 78 {
                    lines.append(plain(line))
                    line = ""
                }
                line += (line.isEmpty ? "" : " ") + word
            }
            lines.append(plain(line))
        }
        return lines
    }

    /// A line of text that no letter of makes a macro of.
    private static func plain(_ text: String) -> String {
        let line = escaped(text.split(whereSeparator: \.isNewline).joined(separator: " "))
        return line.hasPrefix(".") || line.hasPrefix("'") ? "\\&\(line)" : line
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\e").replacing("`", with: "\\(ga")
    }
}
