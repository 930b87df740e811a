import Screen

/// What each key does in each context: the standard table, and what the user has changed in it. Dispatch, footer, help,
/// palette and the README's table all read it.
package struct KeyMap: Sendable {
    /// Keys that the user gives to an action, and where that is written.
    package struct Choice: Sendable {
        package var context: String
        package var action: String
        package var keys: [Key]
        package var place: String

        package init(context: String, action: String, keys: [Key], place: String) {
            self.context = context
            self.action = action
            self.keys = keys
            self.place = place
        }
    }

    private var tables: [Context: [Binding]]

    package static let standard = KeyMap(Bindings.tables)

    private init(_ tables: [Context: [Binding]]) { self.tables = tables }

    /// The standard table with the user's choices; what cannot be done is left as it was and told, a line each.
    package init(_ choices: [Choice], complaints: inout [String]) {
        var tables = Bindings.tables
        var taken: [Context: [Key: Choice]] = [:]
        for choice in choices {
            guard let context = Context(rawValue: choice.context) else {
                complaints.append(
                    "\(choice.place): keys.\(choice.context) is no part of the screen: take "
                        + Context.allCases.map(\.rawValue).joined(separator: ", "))
                continue
            }
            guard let at = tables[context]?.firstIndex(where: { $0.action.rawValue == choice.action }) else {
                let known = (tables[context] ?? []).map(\.action.rawValue)
                complaints.append(
                    "\(choice.place): \(choice.action) is nothing that keys do in \(context.rawValue): take "
                        + known.joined(separator: ", "))
                continue
            }
            if context.takesText, let key = Self.typed(choice.keys, tables[context]?[at].keys ?? []) {
                complaints.append(
                    "\(choice.place): \(key.name) is needed to type in \(context.rawValue): give \(choice.action) "
                        + "one that types nothing, as F5, ^X or M-x")
                continue
            }
            if context == .confirm, let key = choice.keys.first, choice.keys.allSatisfy(\.types) {
                complaints.append(
                    "\(choice.place): \(key.name) belongs to names that begin with it: give "
                        + "\(choice.action) one more that types nothing, as F5, ^X or M-x")
                continue
            }
            if let (key, first) = Self.clash(choice, taken[context] ?? [:]) {
                complaints.append(
                    "\(choice.place): \(key.name) is given to \(choice.action) and, at \(first.place), to "
                        + "\(first.action): choose another key for one of them")
                continue
            }
            for key in choice.keys { taken[context, default: [:]][key] = choice }
            tables[context]?[at].rebind(choice.keys)
        }
        for (context, keys) in taken {
            Self.yield(keys, in: &tables[context, default: []], context, &complaints)
        }
        self.init(tables)
    }

    /// The first of the keys that is needed for typing and was not the action's from the start.
    private static func typed(_ keys: [Key], _ own: [Key]) -> Key? {
        keys.first { $0.types && !own.contains($0) }
    }

    private static func clash(_ choice: Choice, _ taken: [Key: Choice]) -> (Key, Choice)? {
        for key in choice.keys {
            if let first = taken[key], first.action != choice.action { return (key, first) }
        }
        return nil
    }

    /// Takes the chosen keys away from the actions that had them, and tells which those are: to write down what they
    /// keep settles it.
    private static func yield(
        _ taken: [Key: Choice], in table: inout [Binding], _ context: Context, _ complaints: inout [String]
    ) {
        for at in table.indices {
            let action = table[at].action.rawValue
            let lost = table[at].keys.filter { key in taken[key].map { $0.action != action } ?? false }
            guard let key = lost.first, let choice = taken[key] else { continue }
            table[at].rebind(table[at].keys.filter { !lost.contains($0) })
            let kept = table[at].keys.map { "\"\($0.name)\"" }.joined(separator: ", ")
            complaints.append(
                kept.isEmpty
                    ? "\(choice.place): \(key.name) was the key of \(action) in \(context.rawValue), which has none "
                        + "now: give it one, or write \(action) = [] if that is meant"
                    : "\(choice.place): \(key.name) was a key of \(action) in \(context.rawValue), which keeps \(kept): "
                        + "write \(action) = [\(kept)] if that is meant"
            )
        }
    }

    /// The bindings of a context, in the order of its help; those without keys are reached by the palette alone.
    func of(_ context: Context) -> [Binding] { tables[context] ?? [] }

    /// The bindings of a context by its word, as a manual lists them.
    package func table(_ context: String) -> [(action: String, keys: [Key], names: String, help: String)] {
        Context(rawValue: context).map(of)?.map { ($0.action.rawValue, $0.keys, $0.keyNames, $0.help) } ?? []
    }

    /// What a key means in a context.
    func action(_ key: Key, in context: Context) -> Action? {
        of(context).first { $0.keys.contains(key) }?.action
    }

    /// How the keys of an action are written, for texts that name one; empty where it has none.
    func name(of action: Action, in context: Context) -> String {
        of(context).first { $0.action == action }?.keys.first?.name ?? ""
    }
}
