/// The program's version.
enum Version {
    static let text = "0.1.0"
    /// When its manual was last gone through.
    static let date = "November 25, 2026"
}
