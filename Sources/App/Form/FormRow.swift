import Profiles

/// A row of the form: the paste line, one or more fields, what was detected, or a blank.
enum FormRow: Sendable, Hashable {
    case paste
    case fields([ProfileField])
    case detected
    case blank

    /// The form from top to bottom.
    static let all: [FormRow] = [
        .paste, .blank, .fields([.name]), .fields([.host]), .detected, .fields([.port, .database, .user]),
        .fields([.environment]), .fields([.group, .tags]), .fields([.auth]), .fields([.awsProfile, .region]),
        .fields([.service, .signingHost]), .fields([.sslmode, .sslrootcert]),
        .fields([.tunnel, .dial]),
        .fields([.confirm, .readOnly, .pinned]), .fields([.applicationName, .connectTimeout, .parameters]),
        .fields([.notes]),
    ]

    /// The same where there is no room for fields side by side: what is chosen and typed has to be readable.
    private static let narrow: [FormRow] = all.flatMap { row -> [FormRow] in
        switch row {
        case .blank: []
        case .fields([.port, .database, .user]): [.fields([.port, .database]), .fields([.user])]
        case .fields(let fields): fields.map { .fields([$0]) }
        case .paste, .detected: [row]
        }
    }

    /// From so many columns on fields stand side by side.
    private static let sideBySide = 70

    /// The form from top to bottom, in so many columns.
    static func rows(in columns: Int) -> [FormRow] { columns < sideBySide ? narrow : all }

    /// The order in which Tab visits the fields; nil is the paste line.
    static let stops: [ProfileField?] = all.flatMap { row -> [ProfileField?] in
        switch row {
        case .paste: [nil]
        case .fields(let fields): fields
        case .detected, .blank: []
        }
    }

    /// How much of a row's room each of its fields gets.
    static func weight(of field: ProfileField) -> Int {
        switch field {
        case .port: 3
        case .connectTimeout: 2
        case .database, .user, .region: 4
        case .tags, .sslrootcert, .parameters, .signingHost, .dial, .tunnel: 5
        case .pinned: 3
        default: 4
        }
    }
}
