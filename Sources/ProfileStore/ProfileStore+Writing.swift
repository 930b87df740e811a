#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import GRDB
import Profiles

extension ProfileStore {
    /// Saves a new profile.
    ///
    /// - Throws: ``StoreFailure`` of kind `nameTaken` where a live profile has the name.
    package func insert(_ profile: Profile) throws(StoreFailure) { try insert([profile]) }

    /// Saves several new profiles in one transaction: all of them, or none.
    package func insert(_ profiles: [Profile]) throws(StoreFailure) {
        try writing { db in try Self.insert(profiles, db) }
    }

    static func insert(_ profiles: [Profile], _ db: Database) throws {
        let columns = ["id"] + ProfileColumn.all.map(\.name) + ["created_at", "updated_at"]
        let places = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        let statement = try db.makeStatement(
            sql: "INSERT INTO profiles (\(columns.joined(separator: ", "))) VALUES (\(places))")
        let now = Date().timeIntervalSince1970.databaseValue
        for profile in profiles {
            let values = ProfileColumn.all.map { $0.value(profile) }
            try Self.naming(profile) {
                try statement.execute(
                    arguments: StatementArguments([Self.key(profile.id)] + values + [now, now]))
            }
        }
    }

    /// Writes the columns in which the two differ, and no other: what another program has changed meanwhile in
    /// other columns stays.
    ///
    /// - Throws: ``StoreFailure`` of kind `gone` where the profile was deleted meanwhile, of kind `changedElsewhere` where
    ///   one of those columns holds neither the old nor the new value.
    package func update(_ new: Profile, from old: Profile) throws(StoreFailure) { try update([(new, old)]) }

    /// The same for several in one transaction: all of them, or none.
    package func update(_ changes: [(new: Profile, old: Profile)]) throws(StoreFailure) {
        guard changes.contains(where: { !Self.changed($0.new, $0.old).isEmpty }) else { return }
        try writing { db in
            for (new, old) in changes { try Self.update(new, from: old, db) }
        }
    }

    private static func changed(_ new: Profile, _ old: Profile) -> [ProfileColumn] {
        ProfileColumn.all.filter { $0.value(new) != $0.value(old) }
    }

    static func update(_ new: Profile, from old: Profile, _ db: Database) throws {
        let changed = changed(new, old)
        guard !changed.isEmpty else { return }
        try refuseClash(changed, new, old, db)
        let assignments = changed.map { "\($0.name) = ?" }.joined(separator: ", ")
        let values =
            changed.map { $0.value(new) } + [Date().timeIntervalSince1970.databaseValue, key(old.id)]
        try naming(new) {
            try db.execute(
                sql: "UPDATE profiles SET \(assignments), updated_at = ? WHERE id = ? AND deleted_at IS NULL",
                arguments: StatementArguments(values))
        }
        guard db.changesCount == 1 else {
            throw StoreFailure(
                .gone, "\"\(old.name)\" was deleted meanwhile", do: "`pgfob trash restore` brings it back")
        }
    }

    /// What stands in the columns must be what the change was made of: nothing is overwritten unseen.
    private static func refuseClash(
        _ columns: [ProfileColumn], _ new: Profile, _ old: Profile, _ db: Database
    ) throws {
        let names = columns.map(\.name).joined(separator: ", ")
        guard
            let row = try Row.fetchOne(
                db, sql: "SELECT \(names) FROM profiles WHERE id = ? AND deleted_at IS NULL",
                arguments: [key(old.id)])
        else { return }
        for column in columns {
            let stored: DatabaseValue = row[column.name]
            guard stored != column.value(old), stored != column.value(new) else { continue }
            let shown =
                String.fromDatabaseValue(stored).map { "\"\($0)\"" }
                ?? (stored.isNull ? "nothing" : "\(stored)")
            throw StoreFailure(
                .changedElsewhere,
                "\(column.words) of \"\(old.name)\" was changed elsewhere to \(shown)",
                do: "look at it and try again")
        }
    }

    /// Moves profiles to the trash; those that are there already stay as they are.
    package func trash(_ ids: [UUID]) throws(StoreFailure) {
        try writing { db in try Self.trash(ids, db) }
    }

    static func trash(_ ids: [UUID], _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: "UPDATE profiles SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL")
        for id in ids {
            try statement.execute(arguments: [Date().timeIntervalSince1970, key(id)])
        }
    }

    /// Takes profiles back from the trash. One whose name is taken by now is renamed: `orders (2)`.
    package func restore(_ ids: [UUID]) throws(StoreFailure) {
        try writing { db in try Self.restore(ids, db) }
    }

    static func restore(_ ids: [UUID], _ db: Database) throws {
        // The next number of each name, or many of one name would be counted through again for each.
        var numbers: [String: Int] = [:]
        for id in ids {
            guard
                let name = try String.fetchOne(
                    db, sql: "SELECT name FROM profiles WHERE id = ? AND deleted_at IS NOT NULL",
                    arguments: [Self.key(id)])
            else { continue }
            let free = try Self.freeName(name, db, numbers: &numbers)
            try db.execute(
                sql: "UPDATE profiles SET deleted_at = NULL, name = ?, folded_name = ? WHERE id = ?",
                arguments: [free, Profile.fold(free), Self.key(id)])
        }
    }

    /// Counts a session of psql.
    ///
    /// - Parameter seconds: how long it took.
    package func recordUse(_ id: UUID, at date: Date, seconds: Double) throws(StoreFailure) {
        try noting { db in
            try db.execute(
                sql: """
                    UPDATE profiles SET last_used_at = ?, times_used = times_used + 1, last_session_seconds = ?
                    WHERE id = ?
                    """,
                arguments: [date.timeIntervalSince1970, seconds, Self.key(id)])
        }
    }

    static func key(_ id: UUID) -> DatabaseValue { id.uuidString.lowercased().databaseValue }

    /// Names the profile whose name is taken.
    private static func naming(_ profile: Profile, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
            throw StoreFailure(
                .nameTaken, "a profile named \"\(profile.name)\" exists", do: "choose another name")
        }
    }

    /// The name, or the first of `NAME (2)`, `NAME (3)` and so on that no live profile has.
    ///
    /// - Parameter id: of a profile that does not count.
    static func freeName(_ name: String, _ db: Database, except id: String = "") throws -> String {
        var numbers: [String: Int] = [:]
        return try freeName(name, db, except: id, numbers: &numbers)
    }

    /// - Parameter numbers: where to go on for a name of which several were given out in this transaction.
    private static func freeName(
        _ name: String, _ db: Database, except id: String = "", numbers: inout [String: Int]
    ) throws -> String {
        var candidate = name
        var number = numbers[Profile.fold(name)] ?? 2
        while try Bool.fetchOne(
            db,
            sql: """
                SELECT EXISTS (SELECT 1 FROM profiles WHERE folded_name = ? AND deleted_at IS NULL AND id <> ?)
                """,
            arguments: [Profile.fold(candidate), id]) == true
        {
            candidate = "\(name) (\(number))"
            number += 1
            numbers[Profile.fold(name)] = number
        }
        return candidate
    }
}
