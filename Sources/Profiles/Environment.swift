/// The environment a profile belongs to: one of the four that pgfob knows, or the user's own word.
package enum Environment: Sendable, Hashable {
    case prod, stage, dev, local
    /// A word of the user's own, kept as typed.
    case other(String)

    /// The four known ones, in the order in which the list shows them.
    package static let known: [Environment] = [.prod, .stage, .dev, .local]

    /// Reads a word: the known ones by their usual spellings and without regard to case.
    /// Nil where there is nothing but blanks.
    package init?(_ word: String) {
        // As it is saved: thousands of rows are read so.
        switch word {
        case "prod": self = .prod
        case "stage": self = .stage
        case "dev": self = .dev
        case "local": self = .local
        default: self.init(typed: word)
        }
    }

    private init?(typed word: String) {
        let trimmed = word.trimmingBlanks()
        guard !trimmed.isEmpty else { return nil }
        switch trimmed.lowercased() {
        case "prod", "production", "prd": self = .prod
        case "stage", "staging", "stg": self = .stage
        case "dev", "development": self = .dev
        case "local": self = .local
        default: self = .other(trimmed)
        }
    }

    /// The word as saved, listed in JSON and used in filters.
    package var word: String {
        switch self {
        case .prod: "prod"
        case .stage: "stage"
        case .dev: "dev"
        case .local: "local"
        case .other(let word): word
        }
    }

    /// The same without regard to case: words that differ in it alone are one environment.
    package var folded: Environment {
        if case .other(let word) = self { .other(word.lowercased()) } else { self }
    }

    /// The word as rows show it, five columns at most for the known ones.
    package var badge: String {
        switch self {
        case .stage: "STG"
        default: word.uppercased()
        }
    }

    /// Only production asks before psql opens, unless the settings or the profile say otherwise.
    package var confirmation: ConfirmPolicy { self == .prod ? .key : .none }

    /// Only production starts read-only, unless the settings or the profile say otherwise.
    package var startsReadOnly: Bool { self == .prod }
}
