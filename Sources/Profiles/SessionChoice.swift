/// What one session is opened with beyond its profile: the options of `pgfob connect`, and what "connect with" asks for.
///
/// Remembered per profile, so that no field holds a secret and none says whether the session may write.
package struct SessionChoice: Sendable, Hashable {
    /// Where the session opens.
    package enum Place: String, Sendable, Hashable, CaseIterable {
        /// In the terminal that pgfob has.
        case here
        /// In a new window of tmux.
        case window
        /// Beside pgfob, in a new pane of tmux.
        case split
    }

    /// Another database than the profile's.
    package var database: String?
    /// The role that the session takes on once it is logged in (PostgreSQL documentation, "SET ROLE").
    package var role: String?
    /// The cluster's endpoint of that role instead of the profile's own.
    package var endpoint: ClusterRole?
    /// As PostgreSQL takes it: milliseconds, or a number with a unit.
    package var statementTimeout: String?
    /// Another program than psql, by its words as a shell would take them.
    package var program: String?
    /// Further arguments, by their words as a shell would take them.
    package var arguments: String?
    package var place = Place.here

    package init() {}

    /// The other program's name without its folder.
    package var programName: String? {
        program.flatMap { ShellWords.split($0)?.first }.map { String($0.split(separator: "/").last ?? "") }
    }

    /// The settings of the server that the choice stands for, the guard first.
    package func settings(readOnly: Bool) -> [ServerSetting] {
        var settings: [ServerSetting] = []
        if readOnly { settings.append(.readOnly) }
        if let role { settings.append(ServerSetting("role", role)) }
        if let statementTimeout { settings.append(ServerSetting("statement_timeout", statementTimeout)) }
        return settings
    }

    /// Who comes in where, for the question before it: `as iam_dba on orders, writer endpoint`.
    ///
    /// - Parameter role: the endpoint's, as far as it is known.
    package func whoWhere(on profile: Profile, role known: ClusterRole?) -> String {
        var words: [String] = []
        if let user = role ?? profile.user { words.append("as \(user)") }
        words.append("on \(database ?? profile.databaseWords)")
        return words.joined(separator: " ") + (known.map { ", \($0.rawValue) endpoint" } ?? "")
    }

    // MARK: Texts

    /// The fields as they are typed, named as the options of `pgfob connect` are.
    package enum Field: String, Sendable, Hashable, CaseIterable {
        case database = "dbname"
        case role, endpoint
        case statementTimeout = "statement-timeout"
        case program, arguments, place
    }

    /// What is wrong with a field, in one line with what was expected.
    package struct Problem: Error, Sendable, Hashable {
        package var field: Field
        package var message: String
    }

    package func text(of field: Field) -> String {
        switch field {
        case .database: database ?? ""
        case .role: role ?? ""
        case .endpoint: endpoint?.rawValue ?? ""
        case .statementTimeout: statementTimeout ?? ""
        case .program: program ?? ""
        case .arguments: arguments ?? ""
        case .place: place.rawValue
        }
    }

    /// Reads a field from text; an empty one leaves it to the profile.
    ///
    /// - Throws: ``Problem``; the choice is unchanged then.
    package mutating func set(_ field: Field, to text: String) throws(Problem) {
        let text = text.trimmingBlanks()
        let value = text.isEmpty ? nil : text
        guard text.utf8.count <= 2000,
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
        else {
            throw Problem(
                field: field, message: "has a control character or is too long: type it on one line")
        }
        switch field {
        case .database: database = try Self.database(text)
        case .role: role = try Self.name(value, field)
        case .endpoint:
            guard value == nil || ClusterRole(rawValue: text) != nil else {
                throw Problem(field: field, message: "\"\(text)\" is neither writer nor reader")
            }
            endpoint = value.flatMap(ClusterRole.init(rawValue:))
        case .statementTimeout:
            guard value == nil || Self.isDuration(text) else {
                throw Problem(field: field, message: "\"\(text)\" is no duration: 5000 (ms), 30s, 5min or 1h")
            }
            statementTimeout = value
        case .program:
            try Self.judge(words: value, field)
            if text.hasPrefix("-") { throw Problem(field: field, message: "begins with '-': name a program") }
            program = value
        case .arguments:
            try Self.judge(words: value, field)
            arguments = value
        case .place:
            guard let place = Place(rawValue: value ?? Place.here.rawValue) else {
                throw Problem(field: field, message: "\"\(text)\" is neither here, window nor split")
            }
            self.place = place
        }
    }

    /// By the rule of a profile's own: what libpq would take apart could lead the login anywhere.
    private static func database(_ text: String) throws(Problem) -> String? {
        do throws(FieldProblem) {
            return try FieldReader(field: .database, text: text).database()
        } catch {
            throw Problem(field: .database, message: error.message)
        }
    }

    private static func name(_ value: String?, _ field: Field) throws(Problem) -> String? {
        guard let value, value.utf8.count > 63 else { return value }
        throw Problem(field: field, message: "is \(value.utf8.count) bytes long: PostgreSQL keeps 63")
    }

    private static func judge(words: String?, _ field: Field) throws(Problem) {
        if let words, ShellWords.split(words) == nil {
            throw Problem(field: field, message: "has a quote that is not closed")
        }
    }

    private static func isDuration(_ text: String) -> Bool {
        let digits = text.prefix { ("0"..."9").contains($0) }
        let unit = text.dropFirst(digits.count).trimmingBlanks()
        return (1...10).contains(digits.count) && ["", "ms", "s", "min", "h", "d"].contains(unit)
    }
}
