/// What a service answered instead of what it was asked for.
package struct ServiceFailure: Error, Sendable, Hashable {
    /// AWS's code, such as `AccessDenied`; empty where no service answered.
    package var code: String
    /// For people, on one line. Holds no secret.
    package var message: String
    /// The HTTP status; 0 where no answer came.
    package var status: Int
    package var isCancelled = false
    /// Whether this machine's clock is off, and that is the reason.
    package var isClock = false

    init(code: String, message: String, status: Int) {
        self.code = code
        self.message = message
        self.status = status
    }

    init(_ failure: HTTPFailure) {
        self.init(code: "", message: failure.text, status: 0)
        isCancelled = failure.isCancelled
    }

    /// The code of an endpoint that is set and is no address.
    static let endpointCode = "InvalidEndpoint"

    /// Where nobody was asked, as an endpoint that is set cannot be, that failure; nil otherwise.
    ///
    /// - Parameter what: who was to be asked.
    func ofSettings(_ what: String) -> AWSFailure? {
        guard code == Self.endpointCode else { return nil }
        return .config("\(what) cannot be asked: \(message)", do: remedy(refused: ""))
    }

    /// What people do about it.
    ///
    /// - Parameter refused: the same for a service that has answered, and whose clock agrees.
    func remedy(refused: String) -> String {
        if isClock { return "set this machine's clock, or leave correct_clock on in config.toml" }
        if code == Self.endpointCode { return "correct it, or take it away" }
        if code.isEmpty, status != 429 {
            return "check the network, the proxy and AWS_CA_BUNDLE, and try again"
        }
        if isTransient { return "wait a while and try again" }
        switch code {
        case "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId":
            return
                "the access key is deleted, inactive or of another partition: put a good one where it is set"
        case "SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature":
            // AWS's own words for a clock that is off, where its answer had no date to measure that by.
            let isLate = ["expired", "not yet current"].contains { message.lowercased().contains($0) }
            return isLate
                ? "set this machine's clock"
                : "the secret access key does not belong to the access key: correct it where it is set"
        case "RegionDisabledException":
            return "have that region enabled for the account, or name another as the profile's region"
        default: return refused
        }
    }

    /// Whether the time of the signature was what AWS did not like, as far as the code tells.
    var isAboutTime: Bool {
        [
            "RequestTimeTooSkewed", "SignatureDoesNotMatch", "InvalidSignatureException", "RequestExpired",
            "RequestInTheFuture", "AuthFailure",
        ].contains(code)
    }

    /// Whether a later try may be answered (AWS SDKs and Tools Reference Guide, "Retry behavior").
    package var isTransient: Bool {
        if isCancelled { return false }
        return status >= 500 || status == 429
            || [
                "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException",
                "RequestThrottled", "SlowDown", "InternalFailure", "ServiceUnavailable",
                "IDPCommunicationError",
            ].contains(code)
    }
}
