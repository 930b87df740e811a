import Profiles

extension ProfileJSON {
    /// What a text of profiles held.
    package struct Reading: Sendable, Hashable {
        package var profiles: [Profile] = []
        /// Where each of them stands: `line 3`, `item 2`; empty for a text that is one object.
        package var places: [String] = []
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
        } else {
            readLines(text, &reading)
        }
        return reading
    }

    /// Lines end at line feeds alone: the separators of Unicode may stand in a text.
    private static func readLines(_ text: String, _ reading: inout Reading) {
        let lines = text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false)
        let last = lines.lastIndex { !Substring($0).trimmingBlanks().isEmpty }
        for (index, line) in lines.enumerated() {
            let object = Substring(line).trimmingBlanks()
            guard !object.isEmpty else { continue }
            let place = "line \(index + 1)"
            do throws(JSONReader.Malformed) {
                guard case .object(let fields) = try JSONReader.readLenient(object) else {
                    reading.problems.append("\(place): not a JSON object: expected {\"name\": ...}")
                    continue
                }
                take(fields, place, &reading)
            } catch {
                // One object written over several lines is one all the same.
                if reading.profiles.isEmpty, reading.problems.isEmpty,
                    case .object(let fields)? = try? JSONReader.readLenient(text)
                {
                    return take(fields, "", &reading)
                }
                reading.problems.append("\(place): \(error.what)")
                // Half of a file is not what anybody wants to come in.
                if index == last, index == lines.count - 1 {
                    if !reading.profiles.isEmpty {
                        reading.problems.append(
                            "the \(reading.profiles.count) before it: left out, as the file was cut off: get it whole, or end its last line"
                        )
                    }
                    (reading.profiles, reading.places) = ([], [])
                }
            }
        }
    }

    private static func readArray(_ text: String, _ reading: inout Reading) {
        do throws(JSONReader.Malformed) {
            guard case .array(let values) = try JSONReader.readLenient(text) else {
                reading.problems.append("not an array of objects")
                return
            }
            for (index, value) in values.enumerated() {
                guard case .object(let fields) = value else {
                    reading.problems.append("item \(index + 1): not a JSON object: expected {\"name\": ...}")
                    continue
                }
                take(fields, "item \(index + 1)", &reading)
            }
        } catch {
            reading.problems.append(error.text)
        }
    }

    private static func take(_ fields: [String: JSONTree], _ place: String, _ reading: inout Reading) {
        var profile = Profile()
        let label =
            if case .string(let name)? = fields["name"] {
                place.isEmpty ? DialAddress.shown(name) : "\(place) (\(DialAddress.shown(name)))"
            } else {
                place.isEmpty ? "the object" : place
            }
        var fields = fields
        // Earlier versions have saved a port behind the host.
        var dialled = [ProfileField.host, .port].reduce(into: [String: String]()) {
            $0[$1.rawValue] = fields[$1.rawValue]?.scalarText
        }
        if dialled["port"] == String(Profile.defaultPort) { dialled["port"] = nil }
        reading.notes += WrittenHost.settle(&dialled).map { "\(label): \($0)" }
        if let host = dialled["host"] { fields["host"] = .string(host) }
        if let port = dialled["port"] { fields["port"] = .string(port) }
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
        if let lacking = profile.lacking {
            reading.notes.append("\(label): \(lacking.field.rawValue) \(lacking.message)")
        }
        reading.profiles.append(profile)
        reading.places.append(place)
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
                guard SecretText.isAbsent(from: text) else {
                    reading.notes.append("\(label): \(keyword) dropped: pgfob stores no secret")
                    continue
                }
                parameters[keyword] = text
            }
            try profile.set(.parameters, to: Conninfo(parameters.sorted { $0.key < $1.key }).keywordText)
        case (.tags, .array(let values)):
            let tags = values.compactMap(\.scalarText)
            guard tags.count == values.count, !tags.contains(where: { $0.contains(",") }) else {
                throw FieldProblem(.tags, "is not an array of words without commas")
            }
            try profile.set(.tags, to: fit(tags.joined(separator: ","), field, label, &reading))
        case (.parameters, _), (.tags, _):
            throw FieldProblem(field, field == .tags ? "is not an array" : "is not an object")
        default:
            guard let text = value.scalarText else { throw FieldProblem(field, "is neither text nor number") }
            try profile.set(field, to: fit(text, field, label, &reading))
        }
    }

    /// A label is made fit rather than refused, what people write loses its secrets, and both are said.
    private static func fit(
        _ text: String, _ field: ProfileField, _ label: String, _ reading: inout Reading
    ) -> String {
        var text = text
        if ProfileMaker.texts.contains(field) {
            var said: [String] = []
            text = ProfileMaker.withoutSecret(text, "the \(field.rawValue)", &said)
            reading.notes += said.map { "\(label): \($0)" }
        }
        guard ProfileMaker.labels.contains(field), !LabelSyntax.isFit(text) else { return text }
        reading.notes.append("\(label): \(field.rawValue) made fit to be shown on one line")
        return field == .tags ? LabelSyntax.fit(text) : ProfileMaker.cleaned(text, limit: 100)
    }
}
