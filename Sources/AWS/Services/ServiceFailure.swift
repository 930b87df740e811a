/// What a service answered instead of what it was asked for.
package struct ServiceFailure: Error, Sendable, Hashable {
    /// AWS's code, such as `AccessDenied`; empty where no service answered.
    package var code: String
    /// For people, on one line. Holds no secret.
    package var message: String
    /// The HTTP status; 0 where no answer came.
    package var status: Int
    package var isCancelled = false

    init(code: String, message: String, status: Int) {
        self.code = code
        self.message = message
        self.status = status
    }

    init(_ failure: HTTPFailure) {
        self.init(code: "", message: failure.text, status: 0)
        isCancelled = failure.isCancelled
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
