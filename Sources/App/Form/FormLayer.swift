import Profiles

/// The form that is open, and what it waits for.
struct FormLayer: Sendable {
    var state: FormState
    /// The store is writing: the form stays until it has answered.
    var saving: RequestID?
    /// libpq is parsing what was pasted.
    var parsing: RequestID?

    init(_ state: FormState) {
        self.state = state
    }
}
