#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import Secrets
import Tunnels
import Workers

/// Hands what only this process knows to another pgfob, which the tmux server starts and which so inherits nothing: the
/// environment with its AWS identity, credentials that a question was answered for, and what to do. Over a socket that this user alone can open, once, and neither in
/// an argument nor on a disk.
package final class Handover {
    /// What is handed over.
    package struct Contents: Sendable, Hashable {
        package var environment: [String: String]
        /// As on a command line, without the program.
        package var arguments: [String]

        /// Those of ``TokenMint/handOver(awsProfile:now:)``.
        package var credentials: Secret?

        /// Where relative paths begin; the other process's own folder where nil.
        package var folder: String?

        package init(
            environment: [String: String], arguments: [String], credentials: Secret? = nil,
            folder: String? = nil
        ) {
            self.folder = folder
            self.credentials = credentials
            self.environment = environment
            self.arguments = arguments
        }

        /// Variables of the terminal that the other process is in; they are its own.
        private static let ofTerminal: Set<String> = [
            "TERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "TMUX", "TMUX_PANE", "COLORTERM", "LINES",
            "COLUMNS",
            "SHLVL", "PWD", "OLDPWD", "_",
        ]

        /// The environment as the other process has to see it.
        package func merged(with own: [String: String]) -> [String: String] {
            environment.filter { !Self.ofTerminal.contains($0.key) }
                .merging(own.filter { Self.ofTerminal.contains($0.key) }) { $1 }
        }

        /// Entries ended by NUL, each with its kind's letter.
        fileprivate var bytes: [UInt8] {
            let variables = environment.map { "E\($0.key)=\($0.value)" }.sorted()
            let keys = credentials.map { ["K\($0.reveal())"] } ?? []
            let folders = folder.map { ["D\($0)"] } ?? []
            return (variables + arguments.map { "A\($0)" } + keys + folders + ["."]).flatMap {
                Array($0.utf8) + [0]
            }
        }

        fileprivate init?(bytes: [UInt8]) {
            (environment, arguments) = ([:], [])
            var isWhole = false
            for entry in bytes.split(separator: 0) {
                let text = String(decoding: entry.dropFirst(), as: UTF8.self)
                switch entry.first {
                case 0x45:
                    guard let equals = text.firstIndex(of: "=") else { return nil }
                    environment[String(text[..<equals])] = String(text[text.index(after: equals)...])
                case 0x41: arguments.append(text)
                case 0x44: folder = text
                case 0x4b: credentials = Secret(text)
                case 0x2e: isWhole = true
                default: return nil
                }
            }
            guard isWhole else { return nil }
        }
    }

    /// Bytes of the largest environment and the like that is taken.
    private static let limit = 4_000_000

    /// Where the other process finds it.
    package let path: String
    private let folder: RuntimeFolder
    private let listener: Int32

    /// - Throws: ``Refusal`` where no socket can be made that is this user's alone.
    package init(_ surroundings: Surroundings) throws(Refusal) {
        guard let folder = RuntimeFolder(environment: surroundings.environment) else { throw Self.impossible }
        self.folder = folder
        path = "\(folder.path)/hand"
        listener = csys_listen_unix(path, 0o600)
        guard listener >= 0 else { throw Self.impossible }
    }

    deinit { Descriptors.close(listener) }

    private static var impossible: Refusal {
        Refusal(
            .failed, "no socket can be made for the new window",
            do: "see that XDG_RUNTIME_DIR or /tmp can be written")
    }

    /// Waits for the other process and gives it the contents, once.
    ///
    /// - Throws: ``Refusal`` where it does not come.
    package func give(_ contents: Contents, _ wait: Wait) throws(Refusal) {
        while true {
            guard wait.until(listener, events: POLLIN) == .ready else {
                throw Refusal(
                    .failed, "the new window did not start pgfob", do: "see whether tmux shows why")
            }
            let connection = csys_accept(listener)
            guard connection >= 0 else { continue }
            defer { Descriptors.close(connection) }
            guard Descriptors.isPeerOwn(connection) else { continue }
            if Descriptors.writeAll(contents.bytes, to: connection) { return }
        }
    }

    /// Takes what another pgfob hands over.
    ///
    /// - Throws: ``Refusal`` where there is nothing, or another user gives it.
    package static func take(_ path: String) throws(Refusal) -> Contents {
        let connection = csys_connect_unix(path)
        defer { Descriptors.close(connection) }
        guard connection >= 0, Descriptors.isPeerOwn(connection),
            let bytes = Descriptors.readToEnd(connection, limit: limit), let contents = Contents(bytes: bytes)
        else {
            throw Refusal(
                .usage, "nothing is handed over at \(path)", do: "open the window from pgfob once more")
        }
        return contents
    }
}

/// Credentials on their way from one pgfob to another (``TokenMint/handOver(awsProfile:now:)``).
package typealias HandedCredentials = Secret
