/// What libpq read in a connection string.
package struct ParsedConninfo: Sendable, Hashable {
    /// The keywords that were set, with their values; no defaults, no secrets.
    package var settings: [String: String]
    /// The keywords whose values were secret and were dropped, in alphabetical order.
    package var droppedSecrets: [String]
}
