import Screen

/// Keys and what they do in one context. Dispatch, footer and help all read the same table, so that none of
/// them can say what another does not do.
struct Binding: Sendable {
    /// The column of the help under which it stands.
    enum Section: String, Sendable, CaseIterable {
        case move = "MOVE"
        case connect = "CONNECT"
        case profiles = "PROFILES"
        case view = "VIEW"
        case program = "PROGRAM"
    }

    private(set) var keys: [Key]
    let action: Action
    let section: Section
    /// What it does, as the help says it.
    let help: String
    /// The word in the footer; nil where it has no place there.
    let footer: String?
    /// The smaller, the sooner it gets a place in the footer.
    let rank: Int
    /// How the help writes the keys, where their own names would be too long.
    private(set) var keyNames: String

    init(
        _ keys: [Key], _ action: Action, _ section: Section, _ help: String, footer: String? = nil,
        rank: Int = 99, as keyNames: String? = nil
    ) {
        self.keys = keys
        self.action = action
        self.section = section
        self.help = help
        self.footer = footer
        self.rank = rank
        self.keyNames = keyNames ?? keys.map(\.name).joined(separator: " ")
    }

    /// Gives the action other keys.
    mutating func rebind(_ keys: [Key]) {
        self.keys = keys
        keyNames = keys.map(\.name).joined(separator: " ")
    }
}
