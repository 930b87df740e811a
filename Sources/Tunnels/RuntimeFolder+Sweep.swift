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

/// What programs that were killed have left.
extension RuntimeFolder {
    /// A folder that has no lock after so many seconds will have none: its program was killed between the two.
    private static let youth = 60

    /// Ends what was left running by programs that were killed, empties the password files that it has open, and removes
    /// their folders. Cheap where nothing is left. Any number of programs may do it at once.
    ///
    /// - Returns: how many runs had left something.
    @discardableResult
    package static func sweep(environment: [String: String]) -> Int {
        sweeping.withLock { isAtEnd in isAtEnd ? 0 : sweep(below: bases(environment)) }
    }

    /// Whether the process is at its end, and is not to sweep any more.
    private static let sweeping = Mutex(false)

    /// Waits for a sweep that is under way in this process: its end would cut off what is half done.
    static func endSweeping() { sweeping.withLock { $0 = true } }

    private static func sweep(below bases: [String]) -> Int {
        var swept = 0
        for base in bases where isOwn(base) {
            // Whoever sweeps now sees to it for all.
            let turn = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard turn >= 0 else { continue }
            defer { Descriptors.close(turn) }
            guard flock(turn, LOCK_EX | LOCK_NB) == 0 else { continue }
            for name in (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? [] {
                if sweep(folder: "\(base)/\(name)") { swept += 1 }
            }
        }
        return swept
    }

    private static func sweep(folder: String) -> Bool {
        let file = open("\(folder)/lock", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else {
            guard errno == ENOENT, isOld(folder) else { return false }
            remove(folder)
            return true
        }
        defer { Descriptors.close(file) }
        // Somebody holds it: that run goes on.
        guard flock(file, LOCK_EX | LOCK_NB) == 0, isStill(file, "\(folder)/lock") else { return false }
        endPrograms(of: folder)
        removeSockets(of: folder)
        remove(folder)
        return true
    }

    /// Sockets that were made elsewhere, and their folders where nobody has put anything else there.
    private static func removeSockets(of folder: String) {
        let noted = FileManager.default.contents(atPath: "\(folder)/\(socketFile)") ?? Data()
        let paths = noted.split(separator: 0, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        for at in stride(from: 0, to: paths.count - 1, by: 2) {
            let (socket, made) = (paths[at], paths[at + 1])
            SocketFile.alone(inFolderOf: socket) {
                if SocketFile.look(at: socket) == .deserted { unlink(socket) }
                if !made.isEmpty, isOwn(made) { rmdir(made) }
            }
        }
    }

    private static func isOld(_ folder: String) -> Bool {
        var status = stat()
        guard isOwn(folder), lstat(folder, &status) == 0 else { return false }
        #if canImport(Glibc)
        let made = status.st_mtim.tv_sec
        #else
        let made = status.st_mtimespec.tv_sec
        #endif
        return time(nil) - made > youth
    }

    /// Ends the programs whose environment names the run. Linux alone shows it; elsewhere they end by themselves,
    /// unless the shell that sees to it was killed as well.
    ///
    /// A tunnel's get TERM. The user's own get HUP, as from a terminal that has gone, and of them those alone that are
    /// still in the process group of a session: one that the user has put into the background by its own means goes on.
    /// The token is taken from all.
    static func endPrograms(of folder: String) {
        #if os(Linux)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let groups = Set(names.compactMap { $0.hasPrefix("g") ? pid_t($0.dropFirst()) : nil })
        let isOfSessions = names.contains(sessionFile)
        let wanted = Array("\(mark)=\(folder)".utf8)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let pid = pid_t(name), pid != getpid(),
                let environment = Descriptors.contents(ofSystem: "/proc/\(pid)/environ", limit: 16 << 20),
                environment.split(separator: 0).contains(where: { $0.elementsEqual(wanted) })
            else { continue }
            guard isOfSessions else {
                kill(pid, SIGTERM)
                // One that is stopped ends too.
                kill(pid, SIGCONT)
                continue
            }
            emptyFilesInMemory(of: pid)
            guard groups.contains(getpgid(pid)) else { continue }
            kill(pid, SIGHUP)
            kill(pid, SIGCONT)
        }
        #endif
    }

    #if os(Linux)
    /// pgfob's files in memory, of which one holds a token: whoever has them open reads nothing any more (proc(5), fd).
    private static func emptyFilesInMemory(of pid: pid_t) {
        let folder = "/proc/\(pid)/fd"
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let path = "\(folder)/\(name)"
            guard
                (try? FileManager.default.destinationOfSymbolicLink(atPath: path))?.hasPrefix("/memfd:pgfob")
                    == true
            else { continue }
            Descriptors.close(open(path, O_WRONLY | O_TRUNC | O_CLOEXEC))
        }
    }
    #endif
}
