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

/// A folder for one test, mode 0700, gone with all it holds when the test is done with it.
package final class TemporaryFolder: Sendable {
    package let path: String

    /// - Throws: ``Failure`` where none can be made.
    package init() throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/pgfob-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(what: "no folder in \(parent): errno \(errno)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Why a folder or a file could not be made.
    package struct Failure: Error { package var what: String }

    /// The path of something inside.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file, with the folders above it.
    ///
    /// - Returns: its path.
    @discardableResult
    package func write(_ text: String, to name: String, mode: mode_t = 0o600) throws -> String {
        let path = file(name)
        if let slash = path.lastIndex(of: "/") {
            try FileManager.default.createDirectory(
                atPath: String(path[..<slash]), withIntermediateDirectories: true)
        }
        guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8)), chmod(path, mode) == 0
        else { throw Failure(what: "\(path) cannot be written") }
        return path
    }

    /// Writes bytes that need not be text into a file right inside.
    package func write(bytes: [UInt8], to name: String) throws {
        guard FileManager.default.createFile(atPath: file(name), contents: Data(bytes)) else {
            throw Failure(what: "\(file(name)) cannot be written")
        }
    }

    /// The text of a file inside, nil where there is none.
    package func read(_ name: String) -> String? {
        FileManager.default.contents(atPath: file(name)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The names of what is inside, sorted.
    package var names: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? []
    }

    /// The permission bits of something inside, nil where it does not exist.
    package func mode(of name: String) -> mode_t? {
        var status = stat()
        return lstat(file(name), &status) == 0 ? status.st_mode & 0o7777 : nil
    }
}
