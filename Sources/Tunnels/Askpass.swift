#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import Profiles
import Workers

/// How ssh's questions reach the user: ssh runs a program for each of them (ssh(1), SSH_ASKPASS), which is pgfob once
/// more; it hands the question to the pgfob that asked for the tunnel, over a socket that only this user can open.
package enum Askpass {
    /// The variable that names the socket.
    package static let variable = "PGFOB_ASKPASS"
    /// Under which name the program is run then.
    package static let name = "pgfob-askpass"

    private static let limit = 65_536

    /// Asks the user and blocks until there is an answer; nil where there is none, or the question is cancelled.
    package typealias Ask = @Sendable (TunnelQuestion, Cancellation) -> String?

    /// Asks, where this process is such a helper.
    ///
    /// - Parameters:
    ///   - arguments: the whole command line.
    ///   - hint: SSH_ASKPASS_PROMPT.
    /// - Returns: the exit code: 0 with the answer on stdout, else 1. Nil where it is none.
    package static func answer(arguments: [String], socket: String?, hint: String?) -> Int32? {
        guard let socket, let own = arguments.first?.split(separator: "/").last, own == name else {
            return nil
        }
        let connection = csys_connect_unix(socket)
        guard connection >= 0 else { return 1 }
        defer { Descriptors.close(connection) }
        let question = "\(hint ?? "")\0\(arguments.dropFirst().first ?? "")"
        guard Descriptors.writeAll(question.utf8, to: connection) else { return 1 }
        shutdown(connection, Int32(SHUT_WR))
        guard let answer = Descriptors.readToEnd(connection, limit: limit), answer.first == 0x79 else {
            return 1
        }
        return Descriptors.writeAll(answer.dropFirst() + [0x0a], to: 1) ? 0 : 1
    }

    /// Takes one question from a connection, answers it and closes the connection.
    ///
    /// - Parameter ask: blocks until there is an answer, nil refuses; cancelled where ssh no longer wants to know.
    static func serve(_ connection: Int32, tunnel: String, ask: Ask) {
        defer { Descriptors.close(connection) }
        guard Descriptors.isPeerOwn(connection),
            let question = Descriptors.readToEnd(connection, limit: limit)
        else { return }
        let parts = question.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return }
        let prompt = String(decoding: parts[1], as: UTF8.self)
        let hint = String(decoding: parts[0], as: UTF8.self)
        // ssh(1), SSH_ASKPASS_PROMPT; of a host key it asks without one.
        let kind: TunnelQuestion.Kind =
            hint == "none" ? .notice : hint == "confirm" || prompt.contains("(yes/no") ? .visible : .secret
        let asking = Cancellation()
        _ = WorkerThread.start {
            var set = [
                pollfd(fd: connection, events: 0, revents: 0),
                pollfd(fd: asking.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            poll(&set, nfds_t(set.count), -1)
            asking.cancel()
        }
        let answer = ask(TunnelQuestion(tunnel: tunnel, prompt: prompt, kind: kind), asking)
        asking.cancel()
        _ = Descriptors.writeAll(answer.map { [0x79] + Array($0.utf8) } ?? [0x6e], to: connection)
    }
}
