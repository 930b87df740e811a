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

/// A screen as a text file that anyone can read, in Goldens/ beside the tests.
///
/// With PGFOB_WRITE_GOLDENS=1 the file is written instead of compared, and the test fails, so that nothing
/// passes by having just been written.
package enum Golden {
    package static var writes: Bool { getenv("PGFOB_WRITE_GOLDENS") != nil }

    /// What differs between the rows and the golden file of a name; what was written, where it was.
    ///
    /// - Parameter file: the test's own, whose folder holds Goldens/.
    package static func differences(_ lines: [String], _ name: String, file: String) -> [String] {
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        let path = "/\(folder)/Goldens/\(name).txt"
        let text = lines.map { $0 + "\n" }.joined()
        guard !writes else {
            let written = (try? text.write(toFile: path, atomically: true, encoding: .utf8)) != nil
            let state = written ? "written" : "could not be written"
            return ["\(name): \(state); look at it and run without PGFOB_WRITE_GOLDENS"]
        }
        guard let golden = try? String(contentsOfFile: path, encoding: .utf8) else {
            return ["\(path) is missing: run with PGFOB_WRITE_GOLDENS=1"]
        }
        let wanted = golden.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(
            String.init)
        var differences: [String] = []
        if lines.count != wanted.count { differences.append("\(name): \(lines.count) rows") }
        for (row, (is_, should)) in zip(lines, wanted).enumerated() where is_ != should {
            differences.append("\(name), row \(row):\n  is     |\(is_)|\n  golden |\(should)|")
        }
        return differences
    }
}
