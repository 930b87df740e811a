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
import Synchronization
import Workers

/// A folder of this run alone, mode 0700, for sockets: its path is short, as theirs must be (unix(7): 108 bytes, 104
/// elsewhere, and ssh adds seventeen of its own while it makes one).
///
/// It goes with the program. What a killed program has left is found by ``sweep(environment:)``: as long as a program
/// lives it holds a lock in its folder.
package final class RuntimeFolder: Sendable {
    /// The variable by which programs that were started for a run are found after it.
    package static let mark = "PGFOB_RUN"

    package let path: String
    private let lock: Int32

    /// Makes it.
    ///
    /// - Parameter environment: XDG_RUNTIME_DIR (XDG Base Directory Specification).
    /// - Returns: nil where no folder can be made that is this user's alone.
    package init?(environment: [String: String]) {
        for base in Self.bases(environment) where Self.own(base) {
            var template = Array("\(base)/XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else { continue }
            let made = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let file = open("\(made)/lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
            guard file >= 0, flock(file, LOCK_EX | LOCK_NB) == 0 else {
                Descriptors.close(file)
                continue
            }
            (path, lock) = (made, file)
            Self.removeAtExit(made)
            return
        }
        return nil
    }

    deinit {
        Self.remove(path)
        Descriptors.close(lock)
    }

    /// The folder of this user's alone in which such folders lie, made where it is missing; nil where none can be.
    package static func base(environment: [String: String]) -> String? {
        bases(environment).first(where: own)
    }

    /// Where such folders lie, the first choice first.
    private static func bases(_ environment: [String: String]) -> [String] {
        var bases = ["/tmp/pgfob-\(geteuid())"]
        if let runtime = environment["XDG_RUNTIME_DIR"], runtime.hasPrefix("/"), runtime.utf8.count <= 40 {
            bases.insert("\(runtime)/pgfob", at: 0)
        }
        return bases
    }

    /// Makes a folder this user's alone, or finds that it is: another user may have made it first.
    private static func own(_ path: String) -> Bool {
        mkdir(path, 0o700)
        return isOwn(path)
    }

    private static func isOwn(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid()
            && status.st_mode & 0o077 == 0
    }

    private static let living = Mutex<[String]>([])
    private static let atExit: Void = {
        atexit { for folder in RuntimeFolder.living.withLock({ $0 }) { RuntimeFolder.remove(folder) } }
    }()

    /// A process that ends does not let go of its values one by one.
    private static func removeAtExit(_ folder: String) {
        atExit
        living.withLock { $0.append(folder) }
    }

    private static func remove(_ folder: String) { try? FileManager.default.removeItem(atPath: folder) }

    /// Ends what was left running by programs that were killed, and removes their folders.
    ///
    /// - Returns: how many runs had left something.
    @discardableResult
    package static func sweep(environment: [String: String]) -> Int {
        var swept = 0
        for base in bases(environment) where isOwn(base) {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? [] {
                let folder = "\(base)/\(name)"
                let file = open("\(folder)/lock", O_RDWR | O_CLOEXEC)
                guard file >= 0 else { continue }
                defer { Descriptors.close(file) }
                // Somebody holds it: that run goes on.
                guard flock(file, LOCK_EX | LOCK_NB) == 0 else { continue }
                endPrograms(of: folder)
                remove(folder)
                swept += 1
            }
        }
        return swept
    }

    /// Ends the programs whose environment names the run. Linux alone shows it; elsewhere they end by themselves,
    /// unless the shell that sees to it was killed as well.
    private static func endPrograms(of folder: String) {
        #if os(Linux)
        let wanted = Array("\(mark)=\(folder)".utf8)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let pid = pid_t(name), pid != getpid(),
                let environment = FileManager.default.contents(atPath: "/proc/\(pid)/environ"),
                environment.split(separator: 0).contains(where: { $0.elementsEqual(wanted) })
            else { continue }
            kill(pid, SIGTERM)
        }
        #endif
    }
}
