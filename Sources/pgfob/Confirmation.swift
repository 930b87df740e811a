import Operations
import Profiles

/// What is asked before a session opens, by the profile's policy.
struct Confirmation {
    let profile: Profile
    let choice: SessionChoice
    let readOnly: Bool
    let yes: Bool
    /// What would be opened, in the question.
    var what = "psql"
    /// The code of a no: that of pgfob itself, apart from the program's own codes.
    var refusalCode: Int32 = 125

    /// - Throws: ``Refusal`` of kind `usage` without a terminal or a yes; ``ProgramEnd`` with ``refusalCode`` where the
    ///   answer is no.
    func ask() throws {
        let policy = profile.confirmation(writes: !readOnly)
        guard policy != .none, !yes else { return }
        let badge = profile.environment.map { "[\($0.badge)] " } ?? ""
        guard Output.canAsk else {
            throw Refusal(
                .usage, "\(profile.name) \(badge)asks before it opens, and there is no terminal to ask on",
                do: "add --yes")
        }
        let way = readOnly ? "read-only" : "read-write"
        let place = choice.whoWhere(on: profile, role: choice.endpoint ?? HostName(profile.host).guessedRole)
        let question = "Open \(what) on \(badge)\(profile.name) \(place), \(way)?"
        switch policy {
        case .none: return
        case .key:
            guard Prompt.isYes(Prompt.line("\(question) [y/N] ")) else { throw refused("answer y") }
        case .name:
            guard Prompt.line("\(question) Type its name: ") == profile.name else {
                throw refused("type its name")
            }
        }
    }

    private func refused(_ words: String) -> ProgramEnd {
        Output.complain("\(profile.name) was not opened: \(words), or give --yes")
        return ProgramEnd(code: refusalCode)
    }
}
