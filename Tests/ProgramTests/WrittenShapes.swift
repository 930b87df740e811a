import Profiles

/// A shape of JSON as `pgfob help json` writes it, to hold real output to.
struct WrittenShapes: Sendable {
    private var shapes: [String: [String]] = [:]

    /// - Parameter text: what `pgfob help json` prints.
    init(_ text: String) {
        var name = ""
        for line in text.split(separator: "\n") {
            if line.hasPrefix("    ") {
                shapes[name, default: []].append(line.trimmingBlanks())
            } else {
                name = line.prefix { $0.isLetter }.description
            }
        }
    }

    var names: [String] { shapes.keys.sorted() }

    /// Why a line is of none of a subcommand's shapes; nil where it is of one.
    func fault(_ line: String, of name: String) -> String? {
        guard let tree = JSONTree(line.utf8) else { return "no JSON: \(line)" }
        var faults: [String] = []
        for shape in shapes[name] ?? [] {
            var rest = shape[...]
            guard let fault = match(tree, &rest, name) else { return nil }
            faults.append(fault)
        }
        return faults.isEmpty ? "no shape is called \(name)" : faults.joined(separator: "; ")
    }

    /// One or several kinds, joined by `|`.
    private func match(_ tree: JSONTree, _ rest: inout Substring, _ place: String) -> String? {
        var faults: [String?] = [one(tree, &rest, place)]
        while rest.hasPrefix("|") {
            rest.removeFirst()
            faults.append(one(tree, &rest, place))
        }
        return faults.contains { $0 == nil } ? nil : faults.compactMap { $0 }.joined(separator: " or ")
    }

    private func one(_ tree: JSONTree, _ rest: inout Substring, _ place: String) -> String? {
        switch rest.first {
        case "{": return object(tree, &rest, place)
        case "[":
            rest.removeFirst()
            let inside = rest
            var fault: String?
            if case .array(let values) = tree {
                for value in values {
                    rest = inside
                    fault = fault ?? match(value, &rest, place + "[]")
                }
            } else {
                fault = "\(place) is no array"
            }
            rest = inside
            _ = match(.null, &rest, "")
            rest.removeFirst()
            return fault
        case "\"":
            rest.removeFirst()
            let word = rest.prefix { $0 != "\"" }
            rest = rest[word.endIndex...].dropFirst()
            return tree == .string(String(word)) ? nil : "\(place) is not \(word)"
        default:
            let word = String(rest.prefix { $0.isLetter })
            rest = rest.dropFirst(word.count)
            return plain(tree, word, place)
        }
    }

    private func plain(_ tree: JSONTree, _ kind: String, _ place: String) -> String? {
        let holds: Bool
        switch (kind, tree) {
        case ("null", .null), ("text", .string), ("bool", .bool), ("integer", .integer), ("number", .integer),
            ("number", .number):
            holds = true
        case ("time", .string(let text)): holds = Timestamp.parse(text) != nil && text.hasSuffix("Z")
        case ("null", _), ("text", _), ("bool", _), ("integer", _), ("number", _), ("time", _): holds = false
        default: return fault(tree.written.text, of: kind).map { "\(place): \($0)" }
        }
        return holds ? nil : "\(place) is no \(kind): \(tree.written.text)"
    }

    private func object(_ tree: JSONTree, _ rest: inout Substring, _ place: String) -> String? {
        rest.removeFirst()
        var fault = tree.members == nil ? "\(place) is no object" : nil
        if rest.hasPrefix("...}") {
            rest = rest.dropFirst(4)
            return fault
        }
        var left = tree.members ?? [:]
        while rest.first == "\"" || rest.first == "," {
            if rest.first == "," { rest.removeFirst() }
            rest.removeFirst()
            let name = String(rest.prefix { $0 != "\"" })
            rest = rest.dropFirst(name.count + 2)
            let value = left.removeValue(forKey: name)
            let found = match(value ?? .null, &rest, "\(place).\(name)")
            if tree.members != nil {
                fault = fault ?? (value == nil ? "\(place) has no \(name)" : found)
            }
        }
        rest.removeFirst()
        if let more = left.keys.sorted().first {
            fault = fault ?? "\(place) has \(more), which is not written"
        }
        return fault
    }
}
