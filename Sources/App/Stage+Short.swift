import Diagnosis

extension Stage {
    /// The name in the narrow column, five letters at most.
    var short: String {
        switch self {
        case .profile: "prof"
        case .session: "sess"
        default: rawValue
        }
    }
}
