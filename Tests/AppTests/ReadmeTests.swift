#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import App
import TestSupport
import Testing

/// The README's table of keys is that of the program.
struct ReadmeTests {
    private static let path =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        + "/README.md"

    private static func table(_ context: String) -> String {
        let rows = KeyMap.standard.table(context).map { binding in
            let named = binding.names.split(separator: " ").map { "`\($0)`" }.joined(separator: " ")
            let keys = named.isEmpty ? "`:\(binding.action.replacing("-", with: " "))`" : named
            return "| \(keys.replacing("|", with: "\\|")) | \(binding.help) | `\(binding.action)` |"
        }
        return (["| key | what it does | in config.toml |", "|---|---|---|"] + rows).joined(separator: "\n")
    }

    @Test func `the README lists the keys as the program has them`() throws {
        for context in ["list", "form"] { try compare(context) }
    }

    private func compare(_ context: String) throws {
        let text = try String(contentsOfFile: Self.path, encoding: .utf8)
        let marks = ("<!-- keys: \(context) -->\n", "\n<!-- end of keys: \(context) -->")
        let start = try #require(text.firstRange(of: marks.0)?.upperBound)
        let end = try #require(text.firstRange(of: marks.1)?.lowerBound)
        guard text[start..<end] != Self.table(context) else { return }
        guard Golden.writes else {
            Issue.record("the table is another: run this test with PGFOB_WRITE_GOLDENS=1")
            return
        }
        let new = text[..<start] + Self.table(context) + text[end...]
        try new.write(toFile: Self.path, atomically: true, encoding: .utf8)
        Issue.record("README.md: written; look at it and run without PGFOB_WRITE_GOLDENS")
    }
}
