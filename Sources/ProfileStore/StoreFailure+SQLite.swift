import GRDB

extension StoreFailure {
    /// Words an error of SQLite (SQLite documentation, "Result and Error Codes").
    init(_ error: any Error, path: String) {
        if let failure = error as? StoreFailure {
            self = failure
            return
        }
        guard let error = error as? DatabaseError else {
            self.init(.unusable, "the store \(path) cannot be used", do: "\(error)")
            return
        }
        let other = "or name another with --store"
        switch error.resultCode {
        case .SQLITE_NOTADB:
            self.init(
                .unusable, "\(path) is not a pgfob store",
                do: "it is left as it is; move it away \(other)")
        case .SQLITE_CORRUPT:
            self.init(
                .unusable, "the store \(path) is damaged",
                do: "it is left as it is; bring back a copy of it, try `sqlite3 FILE .recover`, \(other)")
        case .SQLITE_CANTOPEN:
            self.init(
                .unusable, "the store \(path) cannot be opened",
                do: "check that the folder can be written and the path is a file, \(other)")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self = .readOnly(path)
        case .SQLITE_FULL,
            // SQLite says so of its journal's index alone.
            .SQLITE_IOERR where StoreFile.isDiskFull(under: path):
            self = .diskFull(path)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                .unusable, "the store \(path) is locked by another program",
                do: "end the program that holds it and try again")
        case .SQLITE_IOERR:
            self.init(
                .unusable, "the store \(path) cannot be read or written: \(error.message ?? "I/O error")",
                do: "check the disk, \(other)")
        default:
            self.init(
                .unusable, "the store \(path) cannot be used: \(error.message ?? "SQLite error")",
                do: "check the file, \(other)")
        }
    }
}
