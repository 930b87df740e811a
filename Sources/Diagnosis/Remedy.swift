import Profiles

/// What pgfob can do about a cause itself, on one key.
package enum Remedy: Sendable, Hashable {
    /// Run the login to AWS that the profile's session needs.
    case login
    /// Give a field another value, an empty one clears it, and test again.
    case set(ProfileField, String)
    /// Take libpq keywords out of the parameters and test again.
    case drop([String])
    /// Download the bundle that AWS publishes, use it and test again.
    case fetchBundle
    /// Open the form on the field at fault.
    case edit(ProfileField)
    /// Only try once more: nothing is wrong that would not pass.
    case again

    /// As a footer says it.
    package var words: String {
        switch self {
        case .login: "log in"
        case .set(.sslrootcert, ""): "use the RDS bundle"
        case .set(let field, ""): "clear \(field.rawValue)"
        case .set(let field, let value): "set \(field.rawValue) \(value)"
        case .drop(let keywords): "drop \(keywords.joined(separator: ", "))"
        case .fetchBundle: "fetch the bundle"
        case .edit(let field): "edit \(field.rawValue)"
        case .again: "try again"
        }
    }
}
