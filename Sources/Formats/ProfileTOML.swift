import Profiles
import TOML

/// A profile as a TOML text for an editor: every field with its value, and what may stand there.
package enum ProfileTOML {
    /// What came back from the editor.
    package enum Outcome: Sendable, Hashable {
        /// `unknown` are the lines of keys that pgfob does not know, as they were written.
        case profile(Profile, unknown: [String])
        /// What is wrong, and on which line, from 1; every line that is wrong.
        case broken([Fault])
    }

    package struct Fault: Sendable, Hashable {
        package var line: Int?
        package var message: String
    }

    /// What ``write(_:unknown:faults:)`` puts before the complaints that it adds.
    private static let complaint = "# pgfob: "

    /// The text of a profile.
    ///
    /// - Parameter unknown: lines that are kept although pgfob knows none of their keys.
    package static func write(_ profile: Profile, unknown: [String] = []) -> String {
        var lines = [
            "# Save and leave the editor to take this over; an emptied file changes nothing.",
            "# An empty value clears a field. Nothing is stored before you save the form.",
        ]
        for field in ProfileField.allCases where field != .parameters {
            let hint = hint(field).map { "  # \($0)" } ?? ""
            lines.append("\(field.rawValue) = \(value(field, profile))\(hint)")
        }
        if !unknown.isEmpty { lines += ["", "# unknown to pgfob, and not saved:"] + unknown }
        lines += ["", "[parameters]  # further libpq keywords, as in keepalives_idle = \"30\""]
        for (keyword, text) in profile.parameters.sorted(by: { $0.key < $1.key }) {
            lines.append("\(key(keyword)) = \(quoted(text))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The same text as it came back, with a complaint above every line that is at fault.
    package static func marked(_ text: String, _ faults: [Fault]) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines.removeAll { $0.hasPrefix(complaint) }
        // From the end, so that the numbers of the lines above stay right.
        for fault in faults.sorted(by: { ($0.line ?? 0) > ($1.line ?? 0) }) {
            lines.insert(complaint + fault.message, at: min(max(0, (fault.line ?? 1) - 1), lines.count))
        }
        return lines.joined(separator: "\n")
    }

    /// The line of the first complaint of ``marked(_:_:)``, from 1.
    package static func firstComplaint(_ text: String) -> Int? {
        text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.hasPrefix(complaint) }
            .map { $0 + 2 }
    }

    /// Reads a text that was edited.
    ///
    /// - Parameters:
    ///   - base: whose identity it keeps.
    ///   - isWhole: whether what makes a profile has to be there; else every value has to be right for itself.
    package static func read(_ edited: String, base: Profile, isWhole: Bool = true) -> Outcome {
        let text = edited.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix(complaint) ? "" : $0 }.joined(separator: "\n")
        let file: TOMLFile
        do throws(TOMLProblem) {
            file = try TOMLFile(text: text, path: "line")
        } catch {
            let message = error.what.split(separator: ":", maxSplits: 2).last.map {
                String($0).trimmingBlanks()
            }
            return .broken([Fault(line: error.line, message: message ?? error.what)])
        }
        var profile = Profile(id: base.id)
        var faults: [Fault] = []
        var unknown: [String] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // Whether a default is the service's to say or was said here goes by auth.
        let keys = file.root.keys
        for key in keys.filter({ $0 == ProfileField.auth.rawValue })
            + keys.filter({ $0 != ProfileField.auth.rawValue })
        {
            guard let field = ProfileField(rawValue: key) else {
                if let line = file.root.line(of: key), lines.indices.contains(line - 1) {
                    unknown.append(lines[line - 1])
                }
                continue
            }
            do throws(TOMLProblem) {
                let value = try Self.text(of: field, file.root)
                do throws(FieldProblem) { try profile.set(field, to: value) } catch {
                    throw TOMLProblem("\(key) \(error.message)", do: "", line: file.root.line(of: key))
                }
            } catch {
                faults.append(Fault(line: error.line ?? file.root.line(of: key), message: error.what))
            }
        }
        for problem in isWhole && faults.isEmpty ? profile.problems() : [] where problem.severity == .error {
            let line = file.root.line(of: problem.field.rawValue)
            faults.append(Fault(line: line, message: "\(problem.field.rawValue) \(problem.message)"))
        }
        return faults.isEmpty ? .profile(profile, unknown: unknown) : .broken(faults)
    }

    // MARK: Values

    private static func text(of field: ProfileField, _ root: TOMLSection) throws(TOMLProblem) -> String {
        let key = field.rawValue
        switch field {
        case .tags: return try root.texts(key)?.joined(separator: ", ") ?? ""
        case .parameters:
            guard let section = try root.section(key) else { return "" }
            var settings: [(String, String)] = []
            for keyword in section.keys { settings.append((keyword, try section.word(keyword) ?? "")) }
            return Conninfo(settings).keywordText
        case .readOnly, .pinned:
            if let flag = try? root.flag(key) { return flag ? "yes" : "no" }
            return try root.text(key) ?? ""
        default: return try root.word(key) ?? ""
        }
    }

    private static func value(_ field: ProfileField, _ profile: Profile) -> String {
        switch field {
        case .port: profile.says(.port) ? String(profile.port) : "\"\""
        case .tags: "[\(profile.tags.map(quoted).joined(separator: ", "))]"
        case .pinned: String(profile.pinned)
        case .readOnly: profile.readOnly.map { String($0) } ?? "\"\""
        case .connectTimeout: profile.connectTimeout.map { String($0) } ?? "\"\""
        default: quoted(profile.text(of: field))
        }
    }

    private static func hint(_ field: ProfileField) -> String? {
        switch field {
        case .environment: "prod, stage, dev, local, or a word of your own"
        case .auth: Authentication.allCases.map(\.rawValue).joined(separator: ", ")
        case .sslmode: SSLMode.allCases.map(\.rawValue).joined(separator: ", ")
        case .confirm:
            ConfirmPolicy.allCases.map(\.rawValue).joined(separator: ", ") + "; empty: as the environment"
        case .readOnly: "true, false; empty: as the environment"
        case .region: "empty: from the host's name"
        case .tunnel:
            "ssh HOST, ssm TARGET, command PROGRAM ... {port}, or a name under [tunnels] in config.toml"
        case .dial: "where to connect instead of the host"
        case .signingHost: "host[:port] that the token is signed for, where that is not the host"
        case .connectTimeout: "seconds"
        case .awsProfile: "empty: the default chain"
        default: nil
        }
    }

    private static func key(_ text: String) -> String {
        let isBare =
            !text.isEmpty
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
                    || $0 == 0x5f
                    || $0 == 0x2d
            }
        return isBare ? text : quoted(text)
    }

    /// A basic string (TOML 1.0, "String").
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7f {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
