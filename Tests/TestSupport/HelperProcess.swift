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

/// A program that a pgfob has started for its tunnels, found by the mark in its environment (proc(5)).
package struct HelperProcess: Sendable, Hashable {
    package let pid: pid_t

    package init(pid: pid_t) { self.pid = pid }

    /// Those of the programs whose runtime folder is there.
    package static func all(of runtime: String) -> [HelperProcess] {
        let mark = Array("PGFOB_RUN=\(runtime)/".utf8)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0).map { HelperProcess(pid: $0) } }.filter { process in
            process.words("environ").contains { $0.starts(with: mark) }
        }
    }

    /// The program's name; nil where it has ended.
    package var name: String? {
        FileManager.default.contents(atPath: "/proc/\(pid)/comm").map {
            String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .newlines)
        }
    }

    /// What it was started with.
    package var arguments: [String] { words("cmdline").map { String(decoding: $0, as: UTF8.self) } }

    private func words(_ file: String) -> [Data] {
        FileManager.default.contents(atPath: "/proc/\(pid)/\(file)")?.split(separator: 0) ?? []
    }
}
