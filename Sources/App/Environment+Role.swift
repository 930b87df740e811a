import Profiles
import Screen

extension Environment {
    /// The meaning that a theme colours.
    var role: Role {
        switch self {
        case .prod: .prod
        case .stage: .stage
        case .dev: .dev
        case .local: .local
        case .other: .otherEnvironment
        }
    }
}
