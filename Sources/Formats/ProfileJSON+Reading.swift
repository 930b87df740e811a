#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles

extension ProfileJSON {
    /// What a text of profiles held.
    package struct Reading: Sendable, Hashable {
        package var profiles: [Profile] = []
        /// Why an object is not among them, with its place: `line 3: port: ...`.
        package var problems: [String] = []
        /// What was left out of one that is: unknown fields, a dropped password.
        package var notes: [String] = []
    }

    /// A text longer than this is refused: no fleet is as large.
    package static let limit = 200_000_000

    /// Fields that `list` adds and that are the store's own: ignored without a word.
    private static let own: Set<String> = [
        "id", "last_test", "last_used_at", "times_used", "created_at", "updated_at", "aws",
    ]

    /// Reads one object a line, or one array of objects. Never throws: what is wrong with one object is told
    /// and keeps only that one out.
    package static func read(_ text: String) -> Reading {
        var reading = Reading()
        guard text.utf8.count <= limit else {
            reading.problems.append("the text is larger than \(limit / 1_000_000) MB: split it")
            return reading
        }
        if text.trimmingBlanks().hasPrefix("[") {
            readArray(text, &reading)
            return reading
        }
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            let object = line.trimmingBlanks()
            guard !object.isEmpty else { continue }
            let place = "line \(number)"
            switch decode(object) {
            case .success(.object(let fields)): take(fields, place, &reading)
            case .success: reading.problems.append("\(place): not a JSON object: expected {\"name\": ...}")
            case .failure(let failure): reading.problems.append("\(place): \(failure.text)")
            }
        }
        return reading
    }

    private static func readArray(_ text: String, _ reading: inout Reading) {
        switch decode(text) {
        case .success(.array(let values)):
            for (index, value) in values.enumerated() {
                guard case .object(let fields) = value else {
                    reading.problems.append("item \(index + 1): not a JSON object: expected {\"name\": ...}")
                    continue
                }
                take(fields, "item \(index + 1)", &reading)
            }
        case .success: reading.problems.append("not an array of objects")
        case .failure(let failure): reading.problems.append(failure.text)
        }
    }

    private struct Unreadable: Error { var text: String }

    private static func decode(_ text: String) -> Result<JSONTree, Unreadable> {
        do {
            return .success(try JSONDecoder().decode(JSONTree.self, from: Data(text.utf8)))
        } catch {
            return .failure(Unreadable(text: "not JSON: expected one object a line, or one array of objects"))
        }
    }

    private static func take(_ fields: [String: JSONTree], _ place: String, _ reading: inout Reading) {
        var profile = Profile()
        let label =
            if case .string(let name)? = fields["name"] { "\(place) (\(DialAddress.shown(name)))" } else {
                place
            }
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            guard let field = ProfileField(rawValue: name) else {
                if Parameters.secret.contains(name) {
                    reading.notes.append("\(label): \(name) dropped: pgfob stores no secret")
                } else if !own.contains(name) {
                    reading.notes.append("\(label): unknown field \"\(DialAddress.shown(name))\" left out")
                }
                continue
            }
            do throws(FieldProblem) {
                try set(field, to: value, of: &profile, label, &reading)
            } catch {
                reading.problems.append("\(label): \(error.field.rawValue): \(error.message)")
                return
            }
        }
        if let problem = profile.problems().first(where: { $0.severity == .error }) {
            reading.problems.append("\(label): \(problem.field.rawValue): \(problem.message)")
            return
        }
        reading.profiles.append(profile)
    }

    private static func set(
        _ field: ProfileField, to value: JSONTree, of profile: inout Profile, _ label: String,
        _ reading: inout Reading
    ) throws(FieldProblem) {
        switch (field, value) {
        case (_, .null): return
        case (.parameters, .object(let members)):
            var parameters: [String: String] = [:]
            for (keyword, member) in members.sorted(by: { $0.key < $1.key }) {
                if Parameters.secret.contains(keyword) {
                    reading.notes.append("\(label): \(keyword) dropped: pgfob stores no secret")
                    continue
                }
                guard let text = member.scalarText else {
                    throw FieldProblem(.parameters, "\(keyword) is not a text")
                }
                parameters[keyword] = text
            }
            try profile.set(.parameters, to: Conninfo(parameters.sorted { $0.key < $1.key }).keywordText)
        case (.tags, .array(let values)):
            let tags = values.compactMap(\.scalarText)
            guard tags.count == values.count, !tags.contains(where: { $0.contains(",") }) else {
                throw FieldProblem(.tags, "is not an array of words without commas")
            }
            try profile.set(.tags, to: tags.joined(separator: ","))
        case (.parameters, _), (.tags, _):
            throw FieldProblem(field, field == .tags ? "is not an array" : "is not an object")
        default:
            guard let text = value.scalarText else { throw FieldProblem(field, "is neither text nor number") }
            try profile.set(field, to: text)
        }
    }
}
