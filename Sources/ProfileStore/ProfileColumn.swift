import GRDB
import Profiles

/// A column that holds a field of a profile: one table for inserting, updating and reading, so that no field
/// is ever forgotten in one of them.
struct ProfileColumn: Sendable {
    let name: String
    /// The name as people read it.
    var words: String {
        name.replacing("folded_name", with: "name").replacing("_name", with: "").replacing("_", with: " ")
    }
    /// What is written for a profile.
    let value: @Sendable (Profile) -> DatabaseValue

    private init(_ name: String, _ value: @escaping @Sendable (Profile) -> (any DatabaseValueConvertible)?) {
        self.name = name
        self.value = { value($0)?.databaseValue ?? .null }
    }

    /// In the order in which ``Profile/init(_:columns:)`` reads them. None holds a secret.
    static let all: [ProfileColumn] = [
        ProfileColumn("name") { $0.name },
        ProfileColumn("folded_name") { $0.foldedName },
        ProfileColumn("group_name") { $0.group },
        ProfileColumn("environment") { $0.environment?.word },
        // Tags have no blanks or commas, see ProfileField.
        ProfileColumn("tags") { $0.tags.joined(separator: ",") },
        ProfileColumn("notes") { $0.notes },
        ProfileColumn("pinned") { $0.pinned },
        ProfileColumn("host") { $0.host },
        ProfileColumn("port") { $0.port },
        ProfileColumn("database_name") { $0.database },
        ProfileColumn("user_name") { $0.user },
        ProfileColumn("auth") { $0.auth.rawValue },
        ProfileColumn("service") { $0.service },
        ProfileColumn("aws_profile") { $0.awsProfile },
        ProfileColumn("region") { $0.region?.rawValue },
        ProfileColumn("dial") { $0.dial },
        ProfileColumn("signing_host") { $0.signingHost },
        ProfileColumn("sslmode") { $0.sslmode.rawValue },
        ProfileColumn("sslrootcert") { $0.sslrootcert },
        ProfileColumn("connect_timeout") { $0.connectTimeout },
        ProfileColumn("application_name") { $0.applicationName },
        ProfileColumn("read_only") { $0.readOnly },
        ProfileColumn("confirm") { $0.confirm?.rawValue },
        ProfileColumn("parameters") { profile in
            Conninfo(profile.parameters.sorted { $0.key < $1.key }).keywordText
        },
        ProfileColumn("tunnel") { $0.tunnel },
        ProfileColumn("own_defaults") { profile in
            let fields = profile.ownDefaults.map(\.rawValue).sorted()
            return fields.isEmpty ? nil : fields.joined(separator: ",")
        },
    ]
}
