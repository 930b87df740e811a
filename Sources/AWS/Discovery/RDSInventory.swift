import Profiles
import SigV4
import Workers

/// Lists the clusters, instances, endpoints and proxies of PostgreSQL in one region (RDS API version 2014-10-31).
struct RDSInventory: Sendable {
    private static let version = "2014-10-31"
    /// More pages than any account has.
    private static let pageLimit = 1000
    /// Clusters of Neptune and DocumentDB answer the same calls.
    static let engines: Set<String> = ["aurora-postgresql", "postgres"]

    let caller: ServiceCaller
    let credentials: SigningCredentials
    let region: Region

    /// What one call lists, reduced page by page: whole pages are never kept.
    enum Part: Sendable {
        case clusters([Cluster])
        case instances([Instance])
        case endpoints([Custom])
        case proxies([FoundEndpoint])
        case globals([FoundEndpoint])
    }

    struct Cluster: Sendable {
        var identifier: String
        var writer, reader: String?
        var custom: [String]
        var port: Int
        var database, masterUser: String?
        var origin: CloudOrigin
    }

    struct Instance: Sendable {
        var endpoint: FoundEndpoint
        var cluster: String?
    }

    struct Custom: Sendable {
        var cluster, host, arn: String
    }

    /// The five lists, each to be asked for on a thread of its own.
    var parts: [(kind: RegionListing.Kind, ask: @Sendable () throws(ServiceFailure) -> Part)] {
        [
            (.clusters, { () throws(ServiceFailure) in .clusters(try clusters()) }),
            (.instances, { () throws(ServiceFailure) in .instances(try instances()) }),
            (.custom, { () throws(ServiceFailure) in .endpoints(try custom()) }),
            (.proxies, { () throws(ServiceFailure) in .proxies(try proxies()) }),
            (.globals, { () throws(ServiceFailure) in .globals(try globals()) }),
        ]
    }

    private func clusters() throws(ServiceFailure) -> [Cluster] {
        try all("DescribeDBClusters", "DBClusters", filtered: true) { node in
            guard Self.engines.contains(node.text("Engine") ?? ""), let arn = node.text("DBClusterArn"),
                let identifier = node.text("DBClusterIdentifier")
            else { return nil }
            return Cluster(
                identifier: identifier, writer: Self.host(node.text("Endpoint")),
                reader: Self.host(node.text("ReaderEndpoint")),
                custom: node.list("CustomEndpoints").compactMap { Self.host($0.text) },
                port: node.text("Port").flatMap { Int($0) } ?? Profile.defaultPort,
                database: node.text("DatabaseName"), masterUser: node.text("MasterUsername"),
                origin: origin(
                    node, arn, id: node.text("DbClusterResourceId"), cluster: identifier))
        }
    }

    private func instances() throws(ServiceFailure) -> [Instance] {
        try all("DescribeDBInstances", "DBInstances", filtered: true) { node in
            // An instance that is being created has no endpoint yet.
            guard Self.engines.contains(node.text("Engine") ?? ""), let arn = node.text("DBInstanceArn"),
                let host = Self.host(node.text("Endpoint", "Address"))
            else { return nil }
            let cluster = node.text("DBClusterIdentifier").flatMap { $0.isEmpty ? nil : $0 }
            let endpoint = FoundEndpoint(
                kind: .instance, host: host,
                port: node.text("Endpoint", "Port").flatMap { Int($0) } ?? Profile.defaultPort,
                database: node.text("DBName"), masterUser: node.text("MasterUsername"),
                origin: origin(node, arn, id: node.text("DbiResourceId"), cluster: cluster))
            return Instance(endpoint: endpoint, cluster: cluster)
        }
    }

    private func custom() throws(ServiceFailure) -> [Custom] {
        try all("DescribeDBClusterEndpoints", "DBClusterEndpoints") { node in
            guard node.text("EndpointType") == "CUSTOM", let host = Self.host(node.text("Endpoint")),
                let cluster = node.text("DBClusterIdentifier")
            else { return nil }
            return Custom(cluster: cluster, host: host, arn: node.text("DBClusterEndpointArn") ?? host)
        }
    }

    private func proxies() throws(ServiceFailure) -> [FoundEndpoint] {
        try all("DescribeDBProxies", "DBProxies") { node in
            guard node.text("EngineFamily") == "POSTGRESQL", let arn = node.text("DBProxyArn"),
                let host = Self.host(node.text("Endpoint"))
            else { return nil }
            var origin = origin(
                node, arn, id: arn.split(separator: ":").last.map(String.init), cluster: nil)
            origin.engine = "RDS Proxy"
            let schemes = node.list("Auth").map { $0.text("IAMAuth") ?? "" }
            origin.isIAMEnabled =
                node.text("DefaultAuthScheme") == "IAM_AUTH"
                || schemes.contains { $0 == "REQUIRED" || $0 == "ENABLED" }
            return FoundEndpoint(kind: .proxy, host: host, port: Profile.defaultPort, origin: origin)
        }
    }

    private func globals() throws(ServiceFailure) -> [FoundEndpoint] {
        try all("DescribeGlobalClusters", "GlobalClusters") { node in
            guard Self.engines.contains(node.text("Engine") ?? ""), let arn = node.text("GlobalClusterArn"),
                let host = Self.host(node.text("Endpoint"))
            else { return nil }
            // The token is signed for the region of the writer; its ARN is the only one to tell it.
            let writer = node.list("GlobalClusterMembers").first { $0.text("IsWriter") == "true" }
            let parts = writer?.text("DBClusterArn")?.split(separator: ":", omittingEmptySubsequences: false)
            var origin = origin(
                node, arn, id: node.text("GlobalClusterResourceId"),
                cluster: node.text("GlobalClusterIdentifier"))
            origin.region = "global"
            return FoundEndpoint(
                kind: .global, host: host, port: Profile.defaultPort, database: node.text("DatabaseName"),
                signingRegion: parts.flatMap { $0.count > 3 ? Region(rawValue: String($0[3])) : nil },
                origin: origin)
        }
    }

    // MARK: Pages

    private func all<Value>(
        _ action: String, _ list: String, filtered: Bool = false, _ read: (XMLNode) -> Value?
    ) throws(ServiceFailure) -> [Value] {
        var values: [Value] = []
        var marker: String?
        for _ in 0..<Self.pageLimit {
            var parameters: [(String, String)] = []
            if filtered {
                parameters.append(("Filters.Filter.1.Name", "engine"))
                for (index, engine) in Self.engines.sorted().enumerated() {
                    parameters.append(("Filters.Filter.1.Values.Value.\(index + 1)", engine))
                }
            }
            parameters.append(("MaxRecords", "100"))
            if let marker { parameters.append(("Marker", marker)) }
            let page = try caller.query(
                .rds, action, version: Self.version, parameters: parameters, credentials: credentials,
                region: region, bodyLimit: 32_000_000)
            values += page.list(list).filter { !Self.isGoing($0) }.compactMap(read)
            marker = page.text("Marker")
            guard let marker, !marker.isEmpty else { return values }
        }
        return values
    }

    /// Whether AWS is deleting it: as good as gone, and no new profile to anybody.
    private static func isGoing(_ node: XMLNode) -> Bool {
        ["Status", "DBInstanceStatus"].contains { node.text($0) == "deleting" }
    }

    /// What a host's field holds, if it is one at all: it goes into argv and onto screens.
    private static func host(_ text: String?) -> String? {
        text.flatMap { HostSyntax.isValid($0) ? HostName.normalised($0) : nil }
    }

    private func origin(_ node: XMLNode, _ arn: String, id: String?, cluster: String?) -> CloudOrigin {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        var tags: [String: String] = [:]
        for tag in node.list("TagList") {
            if let key = tag.text("Key"), !key.hasPrefix("aws:") { tags[key] = tag.text("Value") ?? "" }
        }
        let engine = [node.text("Engine"), node.text("EngineVersion")].compactMap { $0 }
        return CloudOrigin(
            key: arn, account: parts.count > 4 ? String(parts[4]) : "", region: region.rawValue,
            cluster: cluster, resourceID: id ?? "", engine: engine.joined(separator: " "),
            isIAMEnabled: node.text("IAMDatabaseAuthenticationEnabled").map { $0 == "true" }, tags: tags)
    }
}
