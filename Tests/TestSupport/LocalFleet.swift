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

/// The local fleet (demo/fleet) that `Tests/run` has started: what it says about itself, in JSON.
package struct LocalFleet: Sendable {
    /// The whole description.
    package let facts: JSONValue

    /// Named by `PGFOB_TEST_FLEET`; nil where the variable is not set, so that tests that need a fleet are
    /// skipped, or the file cannot be read.
    package static let running: LocalFleet? = {
        guard let path = getenv("PGFOB_TEST_FLEET").map({ String(cString: $0) }), !path.isEmpty,
            let data = FileManager.default.contents(atPath: path),
            let facts = try? JSONDecoder().decode(JSONValue.self, from: data)
        else { return nil }
        return LocalFleet(facts: facts)
    }()

    /// A text by the names that lead to it: `fleet["writer", "host"]`.
    package subscript(path: String...) -> String? { value(path)?.string }

    /// A number by the names that lead to it.
    package func int(_ path: String...) -> Int? { value(path)?.int }

    /// Whatever stands at the end of the names.
    package func value(_ path: [String]) -> JSONValue? {
        path.reduce(Optional(facts)) { value, name in value?[name] }
    }
}
