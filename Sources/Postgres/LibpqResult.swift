import CLibpq
import Diagnosis

/// One result of a query; cleared with its owner.
final class LibpqResult {
    private let handle: OpaquePointer

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

    var message: LibpqMessage {
        var message = LibpqMessage(ServerText.visible(clibpq_PQresultErrorMessage(handle)))
        if let code = clibpq_PQresultErrorField(handle, Int32(CLIBPQ_DIAG_SQLSTATE)) {
            message.sqlstate = VisibleText.line(String(cString: code))
        }
        return message
    }
}
