import Screen

/// The help that is open: of which context, and what is searched in it.
struct HelpState: Sendable {
    let context: Context
    var query = TextField()
    /// Lines scrolled past.
    var top = 0

    init(_ context: Context) {
        self.context = context
    }
}
