extension CauseCode {
    /// Whether AWS credentials have to be renewed by the user before a token can be signed.
    package var asksForLogin: Bool {
        switch self {
        case .awsNoCredentials, .awsExpired, .awsSSOLoginNeeded: true
        default: false
        }
    }
}
