import Profiles

/// A bundle of root certificates that AWS publishes (RDS User Guide, "Using SSL/TLS to encrypt a connection").
package struct BundleSource: Sendable, Hashable {
    /// No bundle is larger, in bytes.
    static let sizeLimit = 4_000_000

    package let partition: Partition
    /// One region's roots alone; nil for all of the partition.
    package let region: Region?

    package init(partition: Partition) {
        (self.partition, region) = (partition, nil)
    }

    package init(region: Region) {
        (partition, self.region) = (Partition(region: region), region)
    }

    /// Where AWS publishes it; nil for partitions whose place is not documented.
    ///
    /// - Parameter base: another server with the same paths: a mirror inside a closed network.
    package func address(base: String? = nil) -> String? {
        let path = region.map { "\($0)/\($0)-bundle.pem" } ?? "global/global-bundle.pem"
        if let base { return base + "/" + path }
        switch partition {
        case .aws: return "https://truststore.pki.rds.amazonaws.com/\(path)"
        case .govCloud: return "https://truststore.pki.us-gov-west-1.rds.amazonaws.com/\(path)"
        case .china: return "https://rds-truststore.s3.cn-north-1.amazonaws.com.cn/\(path)"
        default: return nil
        }
    }

    /// What the file is called here.
    var fileName: String {
        if let region { return "\(region)-bundle.pem" }
        return partition == .aws ? "global-bundle.pem" : "global-bundle.\(partition.rawValue).pem"
    }

    /// For people: `the global bundle`, `the bundle of eu-west-1`.
    package var words: String {
        if let region { return "the bundle of \(region)" }
        return partition == .aws ? "the global bundle" : "the global bundle of \(partition.rawValue)"
    }

    /// The region in a root's name: `Amazon RDS eu-west-1 Root CA RSA2048 G1`.
    static func region(in name: String) -> Region? {
        name.split(separator: " ").lazy.compactMap { Region(rawValue: String($0)) }.first
    }
}
