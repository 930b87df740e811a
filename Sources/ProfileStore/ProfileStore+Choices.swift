#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import GRDB
import Profiles

extension ProfileStore {
    /// What a profile was last opened with.
    package func choice(of id: UUID) throws(StoreFailure) -> SessionChoice {
        try reading { db in
            var choice = SessionChoice()
            let rows = try Row.fetchAll(
                db, sql: "SELECT field, value FROM session_choices WHERE profile_id = ?",
                arguments: [Self.key(id)])
            for row in rows {
                guard let field = SessionChoice.Field(rawValue: row[0]) else { continue }
                // What a later version wrote and this one does not understand is left out.
                try? choice.set(field, to: row[1])
            }
            return choice
        }
    }

    /// Remembers what a profile is opened with, in place of what it was opened with before.
    package func remember(_ choice: SessionChoice, of id: UUID) throws(StoreFailure) {
        try writing { db in
            try db.execute(
                sql: "DELETE FROM session_choices WHERE profile_id = ?", arguments: [Self.key(id)])
            for field in SessionChoice.Field.allCases {
                let value = choice.text(of: field)
                guard value != SessionChoice().text(of: field) else { continue }
                try db.execute(
                    sql: "INSERT INTO session_choices (profile_id, field, value) VALUES (?, ?, ?)",
                    arguments: [Self.key(id), field.rawValue, value])
            }
        }
    }
}
