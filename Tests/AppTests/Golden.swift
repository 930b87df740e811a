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
import Testing

/// A screen as a text file that anyone can read, in Goldens/ beside the tests.
///
/// With PGFOB_WRITE_GOLDENS=1 the file is written instead of compared, and the test fails, so that nothing
/// passes by having just been written.
enum Golden {
    static var writes: Bool { getenv("PGFOB_WRITE_GOLDENS") != nil }

    static func expect(
        _ lines: [String], _ name: String, file: String = #filePath,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        let path = "/\(folder)/Goldens/\(name).txt"
        let text = lines.map { $0 + "\n" }.joined()
        guard !writes else {
            let written = (try? text.write(toFile: path, atomically: true, encoding: .utf8)) != nil
            Issue.record(
                "\(name): \(written ? "written" : "could not be written"); look at it and run without PGFOB_WRITE_GOLDENS",
                sourceLocation: sourceLocation)
            return
        }
        guard let golden = try? String(contentsOfFile: path, encoding: .utf8) else {
            Issue.record("\(path) is missing: run with PGFOB_WRITE_GOLDENS=1", sourceLocation: sourceLocation)
            return
        }
        let wanted = golden.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(
            String.init)
        #expect(lines.count == wanted.count, "\(name): rows", sourceLocation: sourceLocation)
        for (row, (is_, should)) in zip(lines, wanted).enumerated() where is_ != should {
            Issue.record(
                "\(name), row \(row):\n  is     |\(is_)|\n  golden |\(should)|",
                sourceLocation: sourceLocation)
        }
    }
}
