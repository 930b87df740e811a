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
    /// How long a helper without an answer stays, in milliseconds: ssh takes its end for an empty password and would send
    /// that. The pgfob that asked for the tunnel ends ssh, and the helper with it, long before.
    private static let patience: Int32 = 60_000

    /// Asks the user and blocks until there is an answer; nil where there is none, or the question is cancelled.
    package typealias Ask = @Sendable (TunnelQuestion, Cancellation) -> String?

    /// Asks, where this process is such a helper.
    ///
    /// - Parameters:
    ///   - arguments: the whole command line.
    ///   - hint: SSH_ASKPASS_PROMPT.
    /// - Returns: the exit code: 0 with the answer on stdout, else 1, and that late where ssh wants an answer. Nil where it
    ///   is none.
    package static func answer(arguments: [String], socket: String?, hint: String?) -> Int32? {
        guard let socket, let own = arguments.first?.split(separator: "/").last, own == name else {
            return nil
        }
        if let answer = fetch("\(hint ?? "")\0\(arguments.dropFirst().first ?? "")", from: socket) {
            return Descriptors.writeAll(answer + [0x0a], to: 1) ? 0 : 1
        }
        if hint != noticeHint { poll(nil, 0, patience) }
        return 1
    }

    private static func fetch(_ question: String, from socket: String) -> ArraySlice<UInt8>? {
        let connection = csys_connect_unix(socket)
        guard connection >= 0 else { return nil }
        defer { Descriptors.close(connection) }
        guard Descriptors.writeAll(question.utf8, to: connection) else { return nil }
        shutdown(connection, Int32(SHUT_WR))
        guard let answer = Descriptors.readToEnd(connection, limit: limit), answer.first == answerMark else {
            return nil
        }
        return answer[...].dropFirst()
    }

    /// What ssh sets SSH_ASKPASS_PROMPT to where nothing is to be answered (ssh(1)).
    private static let noticeHint = "none"
    /// Comes before an answer.
    private static let answerMark: UInt8 = 0x79

    /// Takes one question from a connection, has it answered and closes the connection.
    ///
    /// - Parameters:
    ///   - asking: told the question's last line while somebody is asked, and nil after that.
    ///   - waiter: who may be asked; the next one where one leaves. Nil where nobody is left.
    /// - Returns: the question's last line where ssh needs an answer and there is none, so that it must not go on; else nil.
    static func serve(
        _ connection: Int32, tunnel: String, asking told: (String?) -> Void, waiter: () -> Waiter?
    ) -> String? {
        defer { Descriptors.close(connection) }
        guard Descriptors.isPeerOwn(connection) else { return nil }
        guard let bytes = Descriptors.readToEnd(connection, limit: limit) else { return unreadable }
        let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return unreadable }
        let prompt = String(decoding: parts[1], as: UTF8.self)
        let hint = String(decoding: parts[0], as: UTF8.self)
        // Of a host key it asks without a hint.
        let kind: TunnelQuestion.Kind =
            hint == noticeHint
            ? .notice : hint == "confirm" || prompt.contains("(yes/no") ? .visible : .secret
        let question = TunnelQuestion(tunnel: tunnel, prompt: prompt, kind: kind)
        let lastLine = sentence(prompt) ?? unreadable
        defer { told(nil) }
        while let waiter = waiter() {
            let asking = Cancellation()
            cancel(asking, atEndOf: connection)
            told(lastLine)
            let answer = waiter.answer(question, asking)
            asking.cancel()
            if let answer {
                _ = Descriptors.writeAll([answerMark] + Array(answer.utf8), to: connection)
                return nil
            }
            if kind == .notice || hasEnded(connection) { return nil }
            guard waiter.hasLeft else { break }
        }
        return kind == .notice ? nil : lastLine
    }

    /// A question's last line, without what leads to the answer, as something may come after it.
    private static func sentence(_ prompt: String) -> String? {
        guard var line = prompt.split(whereSeparator: \.isNewline).last?[...] else { return nil }
        while let last = line.last, last.isWhitespace || last == ":" { line.removeLast() }
        return String(line).trimmingBlanks()
    }

    private static let unreadable = "a question that cannot be read"

    /// Cancels a question once ssh no longer wants to know; the thread ends with the question.
    private static func cancel(_ asking: Cancellation, atEndOf connection: Int32) {
        let ending = asking.descriptor
        _ = WorkerThread.start {
            var set = [
                pollfd(fd: connection, events: 0, revents: 0),
                pollfd(fd: ending, events: Int16(POLLIN), revents: 0),
            ]
            poll(&set, nfds_t(set.count), -1)
            asking.cancel()
        }
    }

    private static func hasEnded(_ connection: Int32) -> Bool {
        var set = [pollfd(fd: connection, events: 0, revents: 0)]
        return poll(&set, 1, 0) > 0
    }
}
