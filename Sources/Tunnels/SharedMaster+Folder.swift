#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Workers

/// What lies in the folder of a shared ssh.
extension SharedMaster {
    /// Where ssh takes orders.
    static func control(in folder: String) -> String { "\(folder)/c" }
    static func life(_ folder: SharedFolder) -> String { "\(folder.path)/life" }
    /// No name that those of claims begin with, which are removed where nobody has them.
    static func replaced(_ folder: SharedFolder) -> String { "\(folder.path)/replaced" }
    static func log(_ folder: SharedFolder) -> String { "\(folder.path)/log" }

    /// Ends an ssh that nobody can join as those who see to its end were killed: it would keep the ports of those who had
    /// it. One whose end is seen to, and that does not answer, is left to those who have it: whoever is last in the folder
    /// ends it. Of several that one alone is ended that the socket leads to; the others may be in use.
    static func endForsaken(in folder: SharedFolder) {
        guard access(control(in: folder.path), F_OK) == 0 else { return }
        let lifeline = open(life(folder), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)
        defer { Descriptors.close(lifeline) }
        guard lifeline < 0 else { return markReplaced(folder) }
        MasterSocket.end(at: control(in: folder.path))
    }

    static func markReplaced(_ folder: SharedFolder) {
        Descriptors.close(open(replaced(folder), O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600))
    }

    static func tell(_ tunnel: String, in folder: SharedFolder) {
        let file = open("\(folder.path)/tunnel", O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
        _ = Descriptors.replace(file, with: Array("\(tunnel)\n".utf8.prefix(4096)))
        Descriptors.close(file)
    }

    /// By which tunnel the one in a folder was begun; nil where that is not known.
    static func tunnel(in folder: String) -> String? {
        Descriptors.firstLine(of: "\(folder)/tunnel", limit: 8192)
    }

    /// A connection to the ssh that is there now, which has its name among the claims from then on; -1 where there is none
    /// that answers.
    static func connect(_ folder: SharedFolder, _ claims: ForwardClaims?) -> Int32 {
        guard let claims else { return -1 }
        claims.name(control(in: folder.path))
        return MasterSocket.connect(claims.socket)
    }
}
