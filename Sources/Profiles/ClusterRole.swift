/// Whether an endpoint takes writes.
package enum ClusterRole: String, Sendable, Hashable, CaseIterable {
    case writer, reader
}
