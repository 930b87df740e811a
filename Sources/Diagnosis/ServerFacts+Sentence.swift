import Profiles

extension ServerFacts {
    /// The session stage's line.
    ///
    /// - Parameter endpoint: the name that was meant: a reader endpoint that leads to the writer is said.
    package func sentence(endpoint: String) -> String {
        let aurora = auroraVersion.map { " (Aurora \($0))" } ?? ""
        var words = ["PostgreSQL \(version)\(aurora)", role.rawValue, "as \(currentUser)"]
        if let note = note(endpoint: endpoint) { words.insert(note, at: 2) }
        if isIAMMember == true { words.append("in rds_iam") }
        if readOnly { words.append("read-only") }
        if let skew = clockSkewSeconds, abs(skew) >= 30 {
            words.append("clock \(Int(abs(skew).rounded())) s \(skew > 0 ? "ahead" : "behind")")
        }
        if let roundTripMilliseconds {
            words.append("round trip \(TestReport.duration(roundTripMilliseconds))")
        }
        return (words + unknown.map { "unknown: \($0)" }).joined(separator: ", ")
    }

    /// The servers of the cluster, the writer first: `writer orders-1, readers orders-2 18 ms behind`.
    package var clusterWords: String {
        let (writers, readers) = (cluster.filter(\.isWriter), cluster.filter { !$0.isWriter })
        var words: [String] = []
        if !writers.isEmpty { words.append("writer \(writers.map(\.words).joined(separator: ", "))") }
        if !readers.isEmpty {
            words.append(
                "\(readers.count == 1 ? "reader" : "readers") \(readers.map(\.words).joined(separator: ", "))"
            )
        }
        return words.joined(separator: ", ")
    }

    /// What about the endpoint is not as its name says; nil where nothing is.
    package func note(endpoint: String) -> String? {
        switch (HostName(endpoint).kind, role) {
        case (.clusterReader, .writer): "though it is the reader endpoint: the cluster has no replica"
        case (.clusterWriter, .reader): "though it is the writer endpoint: a failover may be under way"
        default: nil
        }
    }
}
