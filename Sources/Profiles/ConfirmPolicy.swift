/// What is asked before psql opens.
package enum ConfirmPolicy: String, Sendable, Hashable, CaseIterable {
    /// Nothing is asked.
    case none
    /// One key, never Enter.
    case key
    /// The profile's name has to be typed.
    case name
}
