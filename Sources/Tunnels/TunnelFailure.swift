#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Profiles

/// Why a tunnel did not open, or stopped: what kind of trouble, and its program's own words.
package struct TunnelFailure: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// The bastion, or AWS, refused the login.
        case refusedLogin
        /// The bastion's host key is not the known one.
        case wrongHostKey
        /// The bastion is there and does not let this through, or what it leads to is not there.
        case refused
        /// Nobody answered in time, or the bastion's name has no address.
        case timedOut
        /// The program, or one that it needs, was not found.
        case missing
        case cancelled
    }

    package var kind: Kind
    /// One line, sanitised by whoever shows it.
    package var words: String

    package init(_ kind: Kind, _ words: String) {
        self.kind = kind
        self.words = words
    }

    /// A program that is not there, or that the system has no room for.
    ///
    /// - Parameter number: the system's error.
    init(notStarted program: String, _ number: Int32) {
        let why = String(cString: strerror(number))
        let isThere = [EMFILE, ENFILE, EAGAIN, ENOMEM].contains(number)
        self.init(
            isThere ? .refused : .missing,
            isThere ? "\(program) cannot be started: \(why)" : "\(program): \(why)")
    }

    /// Its program's question has no answer: nothing is sent for it then.
    package static let unanswered = TunnelFailure(.cancelled, "what it asks was not answered")

    /// Whether somebody has refused it, who would be asked again by another try.
    var isRefusal: Bool { kind == .refusedLogin || kind == .wrongHostKey || self == Self.unanswered }

    /// Whether whoever waited has ended it, who knows why.
    package var isPlainCancellation: Bool { kind == .cancelled && self != Self.unanswered }

    /// Whether another try could end differently without anybody's doing.
    var mayPass: Bool { kind == .timedOut || kind == .refused }

    /// Concludes from what a program has written (facts of OpenSSH, aws-cli and the Session Manager plugin).
    ///
    /// - Parameters:
    ///   - lines: its stderr and stdout, oldest first.
    ///   - otherwise: what is said where it has said nothing.
    init(lines: [String], otherwise: String) {
        for (kind, signs) in Self.table {
            if let line = lines.last(where: { line in signs.contains { line.lowercased().contains($0) } }) {
                let changed = kind == .wrongHostKey ? Self.changedHostKey(lines) : nil
                self.init(kind, changed ?? Self.cleaned(line))
                return
            }
        }
        let said = Self.lastWords(lines)
        self.init(.refused, said.isEmpty ? otherwise : said)
    }

    /// Of a bastion, or a jump host, whose host key is not the known one any more: what it shows now, and where the known
    /// one stands, which ssh says before its last word (OpenSSH, sshconnect.c). Nil where it says no such thing.
    private static func changedHostKey(_ lines: [String]) -> String? {
        func line(_ sign: String) -> String? { lines.last { $0.contains(sign) }.map(cleaned) }
        guard line("REMOTE HOST IDENTIFICATION HAS CHANGED") != nil else { return nil }
        let whose = line("Host key for ")?.split(separator: " has changed").first ?? "the host key"
        let shown = line("SHA256:").map { "it shows \($0.hasSuffix(".") ? String($0.dropLast()) : $0)" }
        let known = line("Offending ").map {
            "the known one stands in \($0.split(separator: " key in ").last ?? "")"
        }
        let facts = [shown, known].compactMap { $0 }.joined(separator: ", ")
        return "\(whose) has changed\(facts.isEmpty ? "" : ": \(facts)")"
    }

    /// The last line that says something; empty where none does.
    static func lastWords(_ lines: [String]) -> String {
        lines.last { !$0.allSatisfy(\.isWhitespace) }.map(cleaned) ?? ""
    }

    private static let table: [(Kind, [String])] = [
        (.missing, ["sessionmanagerplugin is not found", "command not found", ": not found"]),
        (.wrongHostKey, ["host key verification failed", "remote host identification has changed"]),
        (
            .refusedLogin,
            [
                "permission denied", "too many authentication failures", "no more authentication methods",
                "accessdenied", "unable to locate credentials", "expiredtoken", "token has expired",
                "unrecognizedclient", "invalidclienttokenid", "error loading sso token",
                "partial credentials", "enter mfa code",
                "config profile (",
            ]
        ),
        (
            .timedOut,
            [
                "could not resolve hostname", "connection timed out", "operation timed out",
                "no route to host",
                "network is unreachable", "timed out during banner exchange", "not responding",
                "could not connect to the endpoint", "targetnotconnected",
            ]
        ),
        (
            .refused,
            [
                "open failed", "administratively prohibited", "connection refused",
                "connection to destination port failed", "cannot listen to port", "address already in use",
                "connection reset", "connection closed by",
            ]
        ),
    ]

    /// Whether a line tells that a connection through the tunnel came to nothing.
    static func tellsOfDestination(_ line: String) -> Bool {
        let lowered = line.lowercased()
        return ["open failed", "connection to destination port failed", "connect failed"].contains {
            lowered.contains($0)
        }
    }

    /// `ssh: ` and `An error occurred (Code) when calling ...: ` say nothing that the sentence around does not.
    private static func cleaned(_ line: String) -> String {
        let line = line.trimmingBlanks()
        return line.hasPrefix("ssh: ") ? String(line.dropFirst(5)) : line
    }
}
