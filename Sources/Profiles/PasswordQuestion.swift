/// A password that a server wants, as its user is asked for it.
package struct PasswordQuestion: Sendable, Hashable {
    /// The profile that is opened.
    package var profile: String
    /// The database user; nil where libpq takes the system's.
    package var user: String?
    package var host: String
    package var port: Int

    package init(_ profile: Profile) {
        self.profile = profile.name
        (user, host, port) = (profile.user, HostName.normalised(profile.host), profile.port)
    }

    /// Where it is for, without the profile: two that lead to one user of one server have one password.
    package var place: String { "\(user.map { "\($0)@" } ?? "")\(host):\(port)" }

    /// For a line that ends with what is typed.
    package var prompt: String { "Password of \(user ?? "the user") for \(profile): " }
}
