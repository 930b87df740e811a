/// What kind of thing a host name points at, as far as its name tells.
package enum EndpointKind: String, Sendable, Hashable {
    case clusterWriter, clusterReader, custom, instance, proxy, limitless
    /// The writer endpoint of an Aurora Global Database; its name carries no region.
    case globalWriter
    case dsql
    /// `localhost` or an address of this machine.
    case loopback
    /// An address, not a name.
    case address
    /// A name that AWS does not serve.
    case other

    /// In words, for the form.
    package var words: String {
        switch self {
        case .clusterWriter: "cluster writer"
        case .clusterReader: "cluster reader"
        case .custom: "custom endpoint"
        case .instance: "instance"
        case .proxy: "RDS Proxy"
        case .limitless: "Limitless shard group"
        case .globalWriter: "global writer"
        case .dsql: "Aurora DSQL"
        case .loopback: "this machine"
        case .address: "an address"
        case .other: "not an AWS name"
        }
    }
}
