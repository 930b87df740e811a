/// Which cluster an endpoint belongs to, as far as names tell: its writer, its reader, and instances named after it.
///
/// The second label of an RDS name stands for account and region alone (facts/libpq.md 3.10), so that the first label
/// decides; an instance belongs to the longest cluster name that its own begins with, `orders-1` to `orders`.
package struct ClusterKeys: Sendable {
    /// The clusters that some endpoint names itself, by account and region.
    private var clusters: [String: Set<String>] = [:]

    package init(_ hosts: some Sequence<String>) {
        for host in hosts {
            let name = HostName(host)
            guard Self.namesCluster(name) else { continue }
            clusters[Self.place(name), default: []].insert(name.name)
        }
    }

    /// The cluster's name, and what tells it from others of that name; nil where no name tells.
    package func key(of host: String) -> (name: String, place: String)? {
        let name = HostName(host)
        let place = Self.place(name)
        if Self.namesCluster(name) { return (name.name, place) }
        switch name.kind {
        case .instance:
            return (owner(of: name.name, among: clusters[place] ?? []) ?? name.name, place)
        case .custom, .proxy, .dsql: return (name.name, "\(place) \(name.kind.words)")
        default: return nil
        }
    }

    /// The longest of the names that an instance's is, or begins with before a hyphen.
    private func owner(of instance: String, among names: Set<String>) -> String? {
        var name = instance[...]
        while !names.contains(String(name)) {
            guard let hyphen = name.lastIndex(of: "-") else { return nil }
            name = name[..<hyphen]
        }
        return String(name)
    }

    private static func namesCluster(_ name: HostName) -> Bool {
        switch name.kind {
        case .clusterWriter, .clusterReader, .limitless, .globalWriter: true
        default: false
        }
    }

    /// The account's and region's part of the name.
    private static func place(_ name: HostName) -> String {
        let id = name.qualifier.split(separator: "-").last.map(String.init) ?? ""
        return [id, name.region?.rawValue ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
    }
}
