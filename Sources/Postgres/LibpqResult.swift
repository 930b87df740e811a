import CLibpq
import Diagnosis

/// One result of a query; cleared with its owner.
final class LibpqResult {
    private var handle: OpaquePointer?

    init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        clibpq_PQclear(handle)
    }

    /// Whether it is a row, or the end of the rows.
    var isRows: Bool {
        let status = Int(clibpq_PQresultStatus(handle))
        return status == CLIBPQ_RESULT_TUPLES_OK || status == CLIBPQ_RESULT_SINGLE_TUPLE
    }

    /// The first row, sanitised; nil where there is none.
    var row: [String?]? {
        guard clibpq_PQntuples(handle) > 0 else { return nil }
        return (0..<clibpq_PQnfields(handle)).map { column in
            guard clibpq_PQgetisnull(handle, 0, column) == 0 else { return nil }
            return VisibleText.line(ServerText.visible(clibpq_PQgetvalue(handle, 0, column)))
        }
    }

    enum Kind {
        /// A row, or the end of the rows.
        case rows
        /// A command that answers without rows; nothing at all counts as one.
        case command
        /// The server waits for data, or is about to send it.
        case copy
        case failed
    }

    var kind: Kind {
        switch Int(clibpq_PQresultStatus(handle)) {
        case CLIBPQ_RESULT_TUPLES_OK, CLIBPQ_RESULT_SINGLE_TUPLE: .rows
        case CLIBPQ_RESULT_COMMAND_OK, CLIBPQ_RESULT_EMPTY_QUERY: .command
        case CLIBPQ_RESULT_COPY_OUT, CLIBPQ_RESULT_COPY_IN, CLIBPQ_RESULT_COPY_BOTH: .copy
        default: .failed
        }
    }

    /// Whether more rows of the same statement follow.
    var isPartial: Bool { Int(clibpq_PQresultStatus(handle)) == CLIBPQ_RESULT_SINGLE_TUPLE }

    /// The columns as the server names them. The corresponding C functions are `PQfname` and `PQftype`.
    var columns: [StatementColumn] {
        (0..<clibpq_PQnfields(handle)).map { column in
            StatementColumn(
                name: clibpq_PQfname(handle, column).map { String(cString: $0) } ?? "",
                type: clibpq_PQftype(handle, column))
        }
    }

    /// Every row as the server sent it, taken out: the result is empty afterwards, as a value may be large and is not to
    /// be kept twice while somebody writes it. The corresponding C functions are `PQgetvalue`, `PQgetlength` and `PQclear`.
    func takeRows() -> [[String?]] {
        defer {
            clibpq_PQclear(handle)
            handle = nil
        }
        return (0..<clibpq_PQntuples(handle)).map { row in
            (0..<clibpq_PQnfields(handle)).map { column in
                guard clibpq_PQgetisnull(handle, row, column) == 0,
                    let start = clibpq_PQgetvalue(handle, row, column)
                else { return nil }
                let count = Int(clibpq_PQgetlength(handle, row, column))
                return start.withMemoryRebound(to: UInt8.self, capacity: count) {
                    String(decoding: UnsafeBufferPointer(start: $0, count: count), as: UTF8.self)
                }
            }
        }
    }

    /// What the server did: `SELECT 3`. The corresponding C function is `PQcmdStatus`.
    var command: String { VisibleText.line(ServerText.visible(clibpq_PQcmdStatus(handle))) }

    var message: LibpqMessage {
        var message = LibpqMessage(ServerText.visible(clibpq_PQresultErrorMessage(handle)))
        if let code = clibpq_PQresultErrorField(handle, Int32(CLIBPQ_DIAG_SQLSTATE)) {
            message.sqlstate = VisibleText.line(String(cString: code))
        }
        return message
    }
}
