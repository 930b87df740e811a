/// A password that a server wants, as its user is asked for it.
package struct PasswordQuestion: Sendable, Hashable {
    /// Whose it is, and where. The way is a part of that: behind one bastion 127.0.0.1 is another server than behind the
    /// next, which is not to get that one's password.
    package struct Place: Sendable, Hashable {
        fileprivate var user: String?
        fileprivate var host: String
        fileprivate var port: Int
        fileprivate var dial: String?
        fileprivate var tunnel: String?
    }

    /// The profile that is opened.
    package var profile: String
    /// The database user; nil where libpq takes the system's.
    package var user: String?
    package var host: String
    package var port: Int
    /// Where it is for, without the profile: two that lead to one user of one server have one password.
    package let place: Place

    package init(_ profile: Profile) {
        self.profile = profile.name
        (user, host, port) = (profile.user, HostName.normalised(profile.host), profile.port)
        place = Place(user: user, host: host, port: port, dial: profile.dial, tunnel: profile.tunnel)
    }

    /// For a line that ends with what is typed.
    package var prompt: String { "Password of \(user ?? "the user") for \(profile): " }
}
