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
import TestSupport
import Testing

/// Tokens that live for seconds.
extension FleetRun {
    /// When the token ends that the running psql would log in with now, by the file in memory that it has open.
    func tokenEnd(of psql: pid_t) -> Int? {
        let folder = "/proc/\(psql)/fd"
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { continue }
            let text = String(decoding: data, as: UTF8.self)
            guard text.contains("X-Amz-"), let mark = text.firstRange(of: "# until ") else { continue }
            return Int(text[mark.upperBound...].prefix { $0.isNumber })
        }
        return nil
    }

    /// Waits until the token of a session's login has ended and another is there.
    func outlive(_ terminal: PseudoTerminal) throws {
        let psql = terminal.foregroundGroup
        let first = try #require(tokenEnd(of: psql))
        try terminal.waitUntilTrue("the first token has ended and is replaced", seconds: 60) {
            let now = Int(Date().timeIntervalSince1970)
            return now > first + 1 && (tokenEnd(of: psql) ?? 0) >= now
        }
    }
}
