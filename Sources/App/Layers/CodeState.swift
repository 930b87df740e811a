import Screen

/// The question for the code of an MFA device.
struct CodeState: Sendable {
    /// Whose answer it is.
    let id: RequestID
    /// The device's serial number or ARN.
    let device: String
    var field = TextField()

    init(_ id: RequestID, device: String) {
        self.id = id
        self.device = device
    }
}
