import Screen

/// The question before the program ends, where something would be cut or lost by that: as it was when it was asked.
struct LeaveState: Sendable {
    /// One thing that hangs on this program.
    enum Tie: Sendable, Hashable {
        /// What is typed in the form of a profile, and how much of that; without a name it is a new one's.
        case draft(of: String?, what: String)
        /// SQL on so many profiles, on one by its name, of which so many are done.
        case run(name: String?, count: Int, done: Int)
        case clients(Int, of: String)
        case connections(Int, of: String)

        /// What becomes of it, in so many columns; a name gives way.
        func words(room: Int) -> String {
            switch self {
            case .draft(let name, let what):
                let owner = name.map { "form of \($0)" } ?? "form of a new profile"
                return Self.named(owner, "what is typed in the ", " is lost: \(what)", room)
            case .run(let name, let count, let done):
                let far = count > 1 ? ", \(done) done" : ""
                return Self.named(name ?? "\(count) profiles", "SQL on ", " is cancelled\(far)", room)
            case .clients(let count, let name):
                let (clients, are) = count == 1 ? ("client", "is") : ("clients", "are")
                return Self.named(name, "\(count) \(clients) of the proxy of ", " \(are) cut", room)
            case .connections(let count, let name):
                let (connections, are) = count == 1 ? ("connection", "is") : ("connections", "are")
                return Self.named(name, "\(count) \(connections) through the tunnel of ", " \(are) cut", room)
            }
        }

        private static func named(_ name: String, _ before: String, _ behind: String, _ room: Int) -> String {
            let rest = DisplayText.width(before) + DisplayText.width(behind)
            return before + DisplayText.elided(name, to: max(8, room - rest)) + behind
        }
    }

    let ties: [Tie]
}
