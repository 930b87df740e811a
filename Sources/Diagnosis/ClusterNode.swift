/// One server of a cluster, as the server that was asked sees it.
package struct ClusterNode: Sendable, Hashable {
    /// The instance's name; by streaming replication what the standby calls itself.
    package var name: String
    package var isWriter: Bool
    /// How far it is behind the writer, in milliseconds; nil where that is not told.
    package var lagMilliseconds: Double?
    /// It is the server that was asked.
    package var isSelf: Bool

    package init(name: String, isWriter: Bool, lagMilliseconds: Double? = nil, isSelf: Bool = false) {
        self.name = name
        self.isWriter = isWriter
        self.lagMilliseconds = lagMilliseconds
        self.isSelf = isSelf
    }

    /// `orders-2 18 ms behind`.
    package var words: String {
        let lag = lagMilliseconds.map { " \(TestReport.duration($0)) behind" } ?? ""
        return "\(name)\(isWriter ? "" : lag)\(isSelf ? " (this one)" : "")"
    }
}
