extension CauseCode {
    /// Whether AWS credentials have to be renewed by the user before a token can be signed.
    package var asksForLogin: Bool {
        switch self {
        case .awsNoCredentials, .awsExpired, .awsSSOLoginNeeded: true
        default: false
        }
    }

    /// Whether it passes only by something that the user does: a login, or the code of an MFA device.
    package var asksForUser: Bool { asksForLogin || self == .awsMFANeeded }
}
