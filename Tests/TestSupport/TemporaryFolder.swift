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
import Workers

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
        try Self.replace(path, by: Array(text.utf8), mode)
        if mode & 0o111 != 0 { try awaitWriters(of: path) }
        return path
    }

    /// Not by Foundation: what it opens is inherited by programs that another thread starts meanwhile, for as long as they
    /// run.
    private static func replace(_ path: String, by bytes: [UInt8], _ mode: mode_t) throws {
        let part = "\(path).part"
        let descriptor = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Failure(what: "\(part) cannot be written") }
        defer { close(descriptor) }
        guard Descriptors.writeAll(bytes, to: descriptor) else {
            throw Failure(what: "\(part) cannot be written")
        }
        guard fchmod(descriptor, mode) == 0, rename(part, path) == 0 else {
            throw Failure(what: "\(path) cannot be written")
        }
    }

    /// A program that another thread has just started has this file open for writing until it becomes what it is to be,
    /// and meanwhile nobody can run the file ("Text file busy").
    private func awaitWriters(of path: String) throws {
        #if canImport(Glibc)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let deadline = ContinuousClock.now + .seconds(60)
        // F_SETLEASE of <fcntl.h>, which Swift does not see.
        let setLease: Int32 = 1024
        // A lease for reading is refused while somebody writes (fcntl(2)).
        while fcntl(descriptor, setLease, Int32(F_RDLCK)) != 0, errno == EAGAIN {
            guard ContinuousClock.now < deadline else {
                throw Failure(what: "\(path) stays open for writing")
            }
            poll(nil, 0, 1)
        }
        _ = fcntl(descriptor, setLease, Int32(F_UNLCK))
        #endif
    }

    /// Writes bytes that need not be text into a file right inside.
    package func write(bytes: [UInt8], to name: String) throws {
        try Self.replace(file(name), by: bytes, 0o600)
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
