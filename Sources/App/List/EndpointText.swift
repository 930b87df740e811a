import Profiles
import Screen

/// An endpoint's name in few columns.
enum EndpointText {
    /// `orders.cluster-ro-c1x9abcdefgh euw1`. Where that is too wide, the account's letters go first, which all
    /// endpoints of an account and region share, then the middle of the cluster's own name; what it is of the cluster
    /// (`-ro`, `-custom`) and the region stay.
    ///
    /// - Parameters:
    ///   - host: of a kind for which tokens are signed.
    ///   - port: what stands behind all, where it is not the usual one.
    static func short(_ host: HostName, port: String, width: Int) -> String {
        let whole = DisplayText.sanitised(host.short) + port
        guard DisplayText.width(whole) > width, !host.name.isEmpty else { return whole }
        let name = DisplayText.sanitised(host.name)
        let kind = host.qualifier.split(separator: "-").dropLast().joined(separator: "-")
        let account = host.qualifier.split(separator: "-").last.map(String.init) ?? ""
        var tail = host.region.map { " \($0.short)" } ?? ""
        if host.kind == .instance { tail += " inst" }
        tail += port
        let lead = kind.isEmpty ? "." : ".\(kind)-"
        let room =
            width - DisplayText.width(name) - lead.utf8.count - DisplayText.ellipsis.count - tail.utf8.count
        if room >= 2 {
            return name + lead + DisplayText.prefix(account, columns: room) + DisplayText.ellipsis + tail
        }
        let end = (kind.isEmpty ? "" : ".\(kind)") + tail
        // Below that not even the beginning of the name would be left.
        guard width - end.utf8.count >= 6 else { return DisplayText.elided(whole, to: width) }
        return DisplayText.elided(name, to: width - end.utf8.count) + end
    }
}
