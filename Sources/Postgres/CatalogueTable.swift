#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Profiles
import Workers

/// Why a catalogue did not do what was asked.
package enum CatalogueFailure: Error, Sendable, Hashable {
    /// There is none in this database.
    case missing
    /// It was made by a later pgfob.
    case newer(format: Int)
    /// The grants of the database do not let this user do it; the server's words.
    case forbidden(String)
    /// The server takes no writes.
    case readOnly(String)
    case other(DatabaseFailure)

    init(_ failure: DatabaseFailure) {
        switch failure.sqlstate {
        case "42P01", "3F000": self = .missing
        case "42501": self = .forbidden(failure.line)
        case "25006": self = .readOnly(failure.line)
        default: self = .other(failure)
        }
    }
}

/// The catalogue in the database of a session.
package struct CatalogueTable {
    /// What goes in one statement.
    private static let portion = 1000

    private let session: DatabaseSession

    package init(_ session: DatabaseSession) { self.session = session }

    private func rows(
        _ sql: String, _ parameters: [String?] = [], _ wait: Wait
    ) throws(CatalogueFailure) -> [[String?]] {
        do throws(DatabaseFailure) {
            return try session.rows(sql, parameters, wait: wait)
        } catch { throw CatalogueFailure(error) }
    }

    private func run(_ sql: String, _ wait: Wait) throws(CatalogueFailure) {
        do throws(DatabaseFailure) { try session.run(sql, wait: wait) } catch {
            throw CatalogueFailure(error)
        }
    }

    /// Makes the catalogue where there is none.
    ///
    /// - Returns: whether it was made now.
    package func create(_ wait: Wait) throws(CatalogueFailure) -> Bool {
        guard try rows(CatalogueSchema.isThere, [], wait).isEmpty else { return false }
        try run(CatalogueSchema.creation, wait)
        return true
    }

    /// Lets roles read it, or change it too.
    package func grant(to roles: [String], writes: Bool, _ wait: Wait) throws(CatalogueFailure) {
        for role in roles { try run(CatalogueSchema.grant(to: role, writes: writes), wait) }
    }

    package func facts(_ wait: Wait) throws(CatalogueFailure) -> CatalogueFacts {
        guard let row = try rows(CatalogueSchema.facts, [], wait).first, row.count == 6, let id = row[0],
            let format = row[1].flatMap({ Int($0) })
        else { throw .missing }
        guard format <= CatalogueSchema.format else { throw .newer(format: format) }
        return CatalogueFacts(
            id: id, format: format, isWritable: row[2] == "t", user: row[3] ?? "",
            count: row[4].flatMap { Int($0) } ?? 0, lastRevision: row[5].flatMap { Int($0) })
    }

    /// What has changed after a revision, in order; 0 is before the first.
    package func changes(after revision: Int, _ wait: Wait) throws(CatalogueFailure) -> [CatalogueEntry] {
        let rows = try rows(CatalogueSchema.changes, [String(revision)], wait)
        return rows.compactMap { row in
            guard row.count == 6 + TeamFields.all.count, let id = row[0].flatMap({ UUID(uuidString: $0) }),
                let version = row[1].flatMap({ Int($0) }), let revision = row[2].flatMap({ Int($0) })
            else { return nil }
            var fields = TeamFields()
            for (place, field) in TeamFields.all.enumerated() { fields[field] = row[6 + place] ?? "" }
            return CatalogueEntry(
                id: id, version: version, revision: revision, isDeleted: row[3] == "t", fields: fields,
                changedBy: VisibleText.line(row[4] ?? ""),
                changedAt: Date(timeIntervalSince1970: row[5].flatMap { Double($0) } ?? 0))
        }
    }

    /// Sends changes in one transaction. A row that somebody else has changed meanwhile is left as it is.
    ///
    /// - Returns: the versions of the rows that were taken, by their ids.
    package func send(_ uploads: [CatalogueUpload], _ wait: Wait) throws(CatalogueFailure) -> [UUID: Int] {
        guard !uploads.isEmpty else { return [:] }
        var versions: [UUID: Int] = [:]
        try run("BEGIN", wait)
        do throws(CatalogueFailure) {
            let kinds = [
                (CatalogueSchema.deletion, uploads.filter(\.deletes)),
                (CatalogueSchema.update, uploads.filter { !$0.deletes && $0.version != nil }),
                (CatalogueSchema.insertion, uploads.filter { !$0.deletes && $0.version == nil }),
            ]
            for (sql, all) in kinds {
                for start in stride(from: 0, to: all.count, by: Self.portion) {
                    let part = all[start..<min(all.count, start + Self.portion)]
                    let json = JSONText.array(part.map(Self.json)).text
                    for row in try rows(sql, [json], wait) {
                        guard let id = row[0].flatMap({ UUID(uuidString: $0) }) else { continue }
                        versions[id] = row[1].flatMap { Int($0) }
                    }
                }
            }
            try run("COMMIT", wait)
        } catch {
            try? run("ROLLBACK", wait)
            throw error
        }
        return versions
    }

    /// A row as PostgreSQL fills a record from it; what is empty and may be is NULL.
    private static func json(_ upload: CatalogueUpload) -> JSONText {
        var members: [JSONText.Member] = [.init("id", .string(upload.id.uuidString.lowercased()))]
        if let version = upload.version { members.append(.init("version", .integer(version))) }
        for field in TeamFields.all {
            let text = upload.fields[field]
            let value: JSONText
            switch field {
            case .tags:
                value = .array(
                    text.split(separator: ",").map { .string(String($0).trimmingBlanks()) })
            case .readOnly: value = text.isEmpty ? .null : .bool(text == "yes")
            case .port, .connectTimeout: value = Int(text).map { .integer($0) } ?? .null
            case .name, .host, .database, .auth, .sslmode, .parameters: value = .string(text)
            default: value = text.isEmpty ? .null : .string(text)
            }
            members.append(.init(field.rawValue, value))
        }
        return .object(members)
    }

    // MARK: Listening

    /// From now on changes are told.
    ///
    /// - Throws: ``CatalogueFailure/readOnly(_:)`` on a server that follows another: it tells nobody.
    package func listen(_ wait: Wait) throws(CatalogueFailure) {
        try run("LISTEN \(CatalogueSchema.channel)", wait)
    }

    /// Blocks until the catalogue has changed or the wait is over.
    ///
    /// - Returns: whether it has changed.
    package func waitForChange(_ wait: Wait) throws(CatalogueFailure) -> Bool {
        do throws(DatabaseFailure) { return try session.waitForNotification(wait) } catch {
            throw .other(error)
        }
    }
}
