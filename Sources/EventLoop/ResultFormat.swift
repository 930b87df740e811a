/// How the answers of statements are written.
package enum ResultFormat: String, Sendable, Hashable, CaseIterable {
    case table, csv, json
}
