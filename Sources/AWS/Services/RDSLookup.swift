import Profiles
import SigV4

/// Finds what an endpoint belongs to, by the calls of the RDS API (version 2014-10-31).
package struct RDSLookup: Sendable {
    /// The owner of an endpoint.
    package struct Owner: Sendable, Hashable {
        package var account: String
        /// `cluster-…`, `db-…` or `prx-…`.
        package var resourceID: String
        /// Whether IAM authentication is switched on; nil where the answer did not tell.
        package var isIAMEnabled: Bool?
    }

    private static let version = "2014-10-31"
    /// More pages than any account has.
    private static let pageLimit = 1000

    let caller: ServiceCaller
    let credentials: SigningCredentials
    let region: Region

    package init(caller: ServiceCaller, credentials: SigningCredentials, region: Region) {
        self.caller = caller
        self.credentials = credentials
        self.region = region
    }

    /// - Returns: nil where nothing in this account and region has the endpoint.
    /// - Throws: ``ServiceFailure``.
    package func owner(of host: String) throws(ServiceFailure) -> Owner? {
        let wanted = HostName.normalised(host)
        if HostName(host).kind == .proxy { return try proxy(wanted) }
        if let cluster = try cluster({ Self.endpoints(of: $0).contains(wanted) }) { return cluster }
        guard
            let instance = try first(
                "DescribeDBInstances", "DBInstances",
                where: {
                    $0.text("Endpoint", "Address")?.lowercased() == wanted
                })
        else { return nil }
        // IAM is the cluster's affair where there is one.
        if let name = instance.text("DBClusterIdentifier"), !name.isEmpty {
            return try cluster { $0.text("DBClusterIdentifier") == name }
        }
        return owner(instance, arn: "DBInstanceArn", id: instance.text("DbiResourceId"))
    }

    private static func endpoints(of cluster: XMLNode) -> Set<String> {
        var hosts = Set(["Endpoint", "ReaderEndpoint"].compactMap { cluster.text($0)?.lowercased() })
        for custom in cluster.list("CustomEndpoints") { hosts.insert(custom.text.lowercased()) }
        return hosts
    }

    private func cluster(_ matches: (XMLNode) -> Bool) throws(ServiceFailure) -> Owner? {
        guard let found = try first("DescribeDBClusters", "DBClusters", where: matches) else { return nil }
        return owner(found, arn: "DBClusterArn", id: found.text("DbClusterResourceId"))
    }

    private func proxy(_ host: String) throws(ServiceFailure) -> Owner? {
        guard
            let found = try first(
                "DescribeDBProxies", "DBProxies", where: { $0.text("Endpoint")?.lowercased() == host })
        else { return nil }
        // The last part of a proxy's ARN is its resource id.
        return owner(
            found, arn: "DBProxyArn",
            id: found.text("DBProxyArn")?.split(separator: ":").last.map(String.init))
    }

    private func owner(_ node: XMLNode, arn: String, id: String?) -> Owner? {
        let parts = node.text(arn)?.split(separator: ":", omittingEmptySubsequences: false) ?? []
        guard let id, !id.isEmpty, parts.count > 4 else { return nil }
        return Owner(
            account: String(parts[4]), resourceID: id,
            isIAMEnabled: node.text("IAMDatabaseAuthenticationEnabled").map { $0 == "true" })
    }

    private func first(
        _ action: String, _ list: String, where matches: (XMLNode) -> Bool
    ) throws(ServiceFailure) -> XMLNode? {
        var marker: String?
        for _ in 0..<Self.pageLimit {
            let page = try caller.query(
                .rds, action, version: Self.version,
                parameters: [("MaxRecords", "100")] + (marker.map { [("Marker", $0)] } ?? []),
                credentials: credentials, region: region, bodyLimit: 32_000_000)
            if let found = page.list(list).first(where: matches) { return found }
            marker = page.text("Marker")
            guard let marker, !marker.isEmpty else { return nil }
        }
        return nil
    }
}
