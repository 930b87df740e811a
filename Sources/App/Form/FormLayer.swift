import Profiles

/// The form that is open, and what it waits for.
struct FormLayer: Sendable {
    var state: FormState
    /// The store is writing: the form stays until it has answered.
    var saving: RequestID?
    /// libpq is parsing what was pasted.
    var parsing: RequestID?
    /// Opened to mend what a test has found: the test comes again once it is saved.
    var testsOnceSaved = false

    init(_ state: FormState) {
        self.state = state
    }
}
