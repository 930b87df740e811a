/// The process environment as it was handed in. It may hold keys, so it prints as names alone.
package struct EnvironmentValues: Sendable, Hashable {
    private let values: [String: String]

    package init(_ values: [String: String]) {
        self.values = values
    }

    /// How many credential processes deep this process runs, each pgfob again.
    var depth: Int { values[Self.depthName].flatMap { Int($0) } ?? 0 }

    private static let depthName = "_PGFOB_CREDENTIAL_DEPTH"

    /// All of it, for programs that are started to give credentials.
    var forChildren: [String: String] {
        values.merging([Self.depthName: String(depth + 1)]) { $1 }
    }

    /// A variable's value; an empty one counts for none, as botocore takes it.
    package subscript(name: String) -> String? {
        values[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension EnvironmentValues: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        values.keys.filter { $0.hasPrefix("AWS_") }.sorted().joined(separator: " ")
    }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
