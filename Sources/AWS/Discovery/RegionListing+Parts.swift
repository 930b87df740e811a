import Profiles

extension RegionListing {
    /// Puts the lists of one region together: what belongs to a cluster has its IAM flag and its resource id.
    mutating func take(_ parts: [RDSInventory.Part]) {
        var clusters: [String: RDSInventory.Cluster] = [:]
        var custom: [RDSInventory.Custom] = []
        var hasCustom = false
        for part in parts {
            switch part {
            case .clusters(let found):
                for cluster in found { clusters[cluster.identifier] = cluster }
            case .endpoints(let found): (custom, hasCustom) = (found, true)
            case .proxies(let found), .globals(let found): endpoints += found
            case .instances: break
            }
        }
        if !hasCustom {
            // A cluster names the hosts of its own; only their ARNs are missing.
            custom = clusters.values.flatMap { cluster in
                cluster.custom.map { RDSInventory.Custom(cluster: cluster.identifier, host: $0, arn: $0) }
            }
        }
        let customs = Dictionary(grouping: custom, by: \.cluster)
        for cluster in clusters.values {
            func add(_ kind: FoundEndpoint.Kind, _ host: String?, key: String) {
                guard let host else { return }
                var origin = cluster.origin
                origin.key = key
                endpoints.append(
                    FoundEndpoint(
                        kind: kind, host: host, port: cluster.port, database: cluster.database,
                        masterUser: cluster.masterUser, origin: origin))
            }
            add(.writer, cluster.writer, key: "\(cluster.origin.key)/writer")
            add(.reader, cluster.reader, key: "\(cluster.origin.key)/reader")
            for endpoint in customs[cluster.identifier] ?? [] {
                add(.custom, endpoint.host, key: endpoint.arn)
            }
        }
        for case .instances(let instances) in parts {
            for instance in instances {
                var endpoint = instance.endpoint
                if let owner = instance.cluster.flatMap({ clusters[$0] }) {
                    endpoint.origin.isIAMEnabled = owner.origin.isIAMEnabled
                    endpoint.origin.resourceID = owner.origin.resourceID
                    endpoint.origin.tags.merge(owner.origin.tags) { own, _ in own }
                    endpoint.database = endpoint.database ?? owner.database
                }
                endpoints.append(endpoint)
            }
        }
        endpoints.sort {
            ($0.origin.cluster ?? "", $0.kind.rank, $0.host) < (
                $1.origin.cluster ?? "", $1.kind.rank, $1.host
            )
        }
    }
}

extension FoundEndpoint.Kind {
    /// Writers first, then readers, and instances last.
    var rank: Int {
        switch self {
        case .global: 0
        case .writer: 1
        case .reader: 2
        case .custom: 3
        case .proxy: 4
        case .instance: 5
        }
    }
}
