#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CLibpq
import COpenSSL
import Diagnosis
import Secrets
import TLS
import Workers

/// A connection of libpq that ends with its owner: `PQfinish` whatever happens.
///
/// Belongs to one thread. libpq has been loaded before.
final class LibpqConnection {
    private let handle: OpaquePointer
    private var notices: NoticeBox?

    /// Starts to connect, which sends nothing yet. Nil only where memory ran out; a refusal is seen in
    /// ``status``.
    ///
    /// The corresponding C functions are `PQconnectStartParams` and `PQsetErrorVerbosity`.
    init?(_ settings: [(keyword: String, value: String)], password: Secret?) {
        var keywords = settings.map { strdup($0.keyword) }
        var values = settings.map { strdup($0.value) }
        if let password {
            keywords.append(strdup("password"))
            values.append(strdup(password.reveal()))
        }
        defer {
            if password != nil, let copy = values.last ?? nil { copenssl_wipe(copy, strlen(copy)) }
            (keywords + values).forEach { free($0) }
        }
        let started = (keywords.map { UnsafePointer($0) } + [nil]).withUnsafeBufferPointer { keywords in
            (values.map { UnsafePointer($0) } + [nil]).withUnsafeBufferPointer { values in
                clibpq_PQconnectStartParams(keywords.baseAddress, values.baseAddress, 0)
            }
        }
        guard let started else { return nil }
        handle = started
        // Before the first poll: the only way to the SQLSTATE of a refused login (facts/fleet.md 3.3).
        _ = clibpq_PQsetErrorVerbosity(handle, Int32(CLIBPQ_ERRORS_VERBOSE))
        clibpq_silence_notices(handle)
    }

    /// Keeps from now on what the server remarks beside its answers, for ``takeNotices()``.
    /// The corresponding C function is `PQsetNoticeProcessor`.
    func keepNotices() {
        let box = NoticeBox()
        notices = box
        // It lives as long as the connection, which alone calls this, on the thread that uses it.
        _ = clibpq_PQsetNoticeProcessor(
            handle,
            { box, text in
                guard let box else { return }
                Unmanaged<NoticeBox>.fromOpaque(box).takeUnretainedValue().add(text)
            }, Unmanaged.passUnretained(box).toOpaque())
    }

    /// What the server has remarked since the last time, sanitised.
    func takeNotices() -> [LibpqMessage] { notices?.take() ?? [] }

    deinit {
        clibpq_PQfinish(handle)
    }

    var failed: Bool { clibpq_PQstatus(handle) == Int32(CLIBPQ_CONNECTION_BAD) }

    /// May change from one poll to the next; -1 where there is none.
    var socket: Int32 { clibpq_PQsocket(handle) }

    var needsPassword: Bool { clibpq_PQconnectionNeedsPassword(handle) == 1 }

    var usesTLS: Bool { clibpq_PQsslInUse(handle) == 1 }

    /// libpq's text, sanitised and taken apart.
    var message: LibpqMessage { LibpqMessage(ServerText.visible(clibpq_PQerrorMessage(handle))) }

    var user: String { VisibleText.line(clibpq_PQuser(handle).map { String(cString: $0) } ?? "") }

    /// The `SSL *` below, where it is of the OpenSSL that this program uses; nil otherwise.
    var tls: UnsafeMutableRawPointer? {
        clibpq_shares_openssl(copenssl_identity()) == 1 ? clibpq_PQgetssl(handle) : nil
    }

    enum Polling: Sendable, Hashable {
        case reading, writing, ready, failed
    }

    /// Lets libpq take its next step. The corresponding C function is `PQconnectPoll`.
    func step() -> Polling {
        // What another attempt left on this thread, libpq would take for the reason of its own failure.
        copenssl_clear_errors()
        return switch clibpq_PQconnectPoll(handle) {
        case Int32(CLIBPQ_POLLING_READING): .reading
        case Int32(CLIBPQ_POLLING_WRITING): .writing
        case Int32(CLIBPQ_POLLING_OK): .ready
        default: .failed
        }
    }

    /// Where it stands; `tls` is called for what TLS came to.
    func phase(tls: () -> String?) -> LoginPhase {
        switch Int(clibpq_PQstatus(handle)) {
        case CLIBPQ_CONNECTION_OK: .ready(tls: usesTLS ? tls() : nil)
        case CLIBPQ_CONNECTION_STARTED, CLIBPQ_CONNECTION_NEEDED, CLIBPQ_CONNECTION_ALLOCATED,
            CLIBPQ_CONNECTION_BAD:
            .connecting
        // It stands there twice: before SSLRequest, and again when the handshake has ended.
        case CLIBPQ_CONNECTION_MADE: usesTLS ? .authenticating(tls: tls()) : .connected
        case CLIBPQ_CONNECTION_SSL_STARTUP, CLIBPQ_CONNECTION_GSS_STARTUP: .securing
        default: .authenticating(tls: usesTLS ? tls() : nil)
        }
    }

    /// Protocol or cipher of TLS. The corresponding C function is `PQsslAttribute`.
    func tlsAttribute(_ name: String) -> String? {
        clibpq_PQsslAttribute(handle, name).map { VisibleText.line(String(cString: $0)) }
    }

    /// What the server reported of itself. The corresponding C function is `PQparameterStatus`.
    func parameter(_ name: String) -> String? {
        clibpq_PQparameterStatus(handle, name).map { VisibleText.line(String(cString: $0)) }
    }

    /// Sends a query that answers with one row.
    func send(_ sql: String) -> Bool {
        guard clibpq_PQsendQuery(handle, sql) == 1 else { return false }
        // Row by row, so that a server that never stops sending fills no memory.
        _ = clibpq_PQsetSingleRowMode(handle)
        return true
    }

    /// Sends one statement whose `$1`, `$2` and so on are given apart, as texts; nil is NULL. All rows of the answer
    /// come at once. The corresponding C function is `PQsendQueryParams`.
    func send(_ sql: String, _ parameters: [String?]) -> Bool {
        let values = parameters.map { $0.map { strdup($0) } ?? nil }
        defer { values.forEach { free($0) } }
        return values.map { UnsafePointer($0) }.withUnsafeBufferPointer { values in
            clibpq_PQsendQueryParams(
                handle, sql, Int32(values.count), nil, values.baseAddress, nil, nil, 0) == 1
        }
    }

    /// Takes what `NOTIFY` has sent, as far as it has arrived.
    /// The corresponding C functions are `PQconsumeInput` and `PQnotifies`.
    ///
    /// - Returns: how many there were; nil where the connection is lost.
    func takeNotifications() -> Int? {
        guard clibpq_PQconsumeInput(handle) == 1, !failed else { return nil }
        var count = 0
        while let notification = clibpq_PQnotifies(handle) {
            clibpq_PQfreemem(notification)
            count += 1
        }
        return count
    }

    enum Progress {
        /// Wait for the socket: to read, and to write too where not all is sent.
        case waiting(writing: Bool)
        /// The next result is there; nil after the last.
        case result(LibpqResult?)
        case lost
    }

    /// Goes on with the query. The corresponding C functions are `PQflush`, `PQconsumeInput`, `PQisBusy` and
    /// `PQgetResult`.
    func progress() -> Progress {
        // What has been read already is taken without another look at the socket.
        if clibpq_PQisBusy(handle) == 0 { return .result(clibpq_PQgetResult(handle).map(LibpqResult.init)) }
        let flushed = clibpq_PQflush(handle)
        guard clibpq_PQconsumeInput(handle) == 1 else { return .lost }
        if clibpq_PQisBusy(handle) == 1 { return .waiting(writing: flushed == 1) }
        return .result(clibpq_PQgetResult(handle).map(LibpqResult.init))
    }

    /// How long the server's word on a cancel request is waited for.
    private static let cancelPatience = Duration.seconds(1)

    /// Asks the server to stop what it is doing, by a connection of its own, and waits for a moment until it has taken that.
    /// libpq would wait for as long as the way there is silent: what takes longer goes on without the caller.
    /// The corresponding C functions are `PQgetCancel` and `PQcancel`.
    ///
    /// - Returns: whether it has.
    @discardableResult
    func cancel() -> Bool {
        guard let taken = Gate(), let cancel = clibpq_PQgetCancel(handle) else { return false }
        let request = CancelRequest(pointer: cancel)
        let starts = WorkerThread.start {
            var problem = [CChar](repeating: 0, count: 256)
            _ = clibpq_PQcancel(request.pointer, &problem, Int32(problem.count))
            clibpq_PQfreeCancel(request.pointer)
            taken.open()
        }
        guard starts else {
            clibpq_PQfreeCancel(cancel)
            return false
        }
        return taken.wait(Wait(deadline: .now + Self.cancelPatience, cancellation: Cancellation())) == .ready
    }

    /// A copy of what a cancel request takes, which no thread but one has (libpq documentation, "Canceling Queries in
    /// Progress").
    private struct CancelRequest: @unchecked Sendable { let pointer: OpaquePointer }

    /// The settings as libpq completed them from the service file and its defaults.
    /// The corresponding C function is `PQconninfo`.
    var completedSettings: [(String, String)] {
        guard let options = clibpq_PQconninfo(handle) else { return [] }
        defer { clibpq_PQconninfoFree(options) }
        return Array(LibpqOptions(options))
    }
}
