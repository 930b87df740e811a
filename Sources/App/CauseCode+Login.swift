import Diagnosis

extension CauseCode {
    /// Whether AWS credentials have to be renewed before a token can be signed.
    var asksForLogin: Bool {
        switch self {
        case .awsNoCredentials, .awsExpired, .awsSSOLoginNeeded, .awsMFANeeded: true
        default: false
        }
    }
}
