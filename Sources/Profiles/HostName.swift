/// A host name and what it tells: the kind of endpoint, its region, whether it takes writes.
///
/// The patterns are those by which the AWS advanced JDBC wrapper knows RDS names (facts/libpq.md 3.10):
/// `NAME.[cluster-|cluster-ro-|cluster-custom-|proxy-|shardgrp-]ID.REGION.rds.amazonaws.com` with the
/// suffixes of every partition, and `ID.dsql.REGION.on.aws`.
package struct HostName: Sendable, Hashable {
    /// As typed.
    package let text: String
    package let kind: EndpointKind
    /// The region that the name carries, if any.
    package let region: Region?
    /// The first label: the cluster's or the instance's own name.
    package let name: String
    /// The second label of an RDS name, such as `cluster-c1x9`.
    package let qualifier: String

    package init(_ host: String) {
        text = host
        let lowered = Self.normalised(host)
        let labels = Self.labels(of: lowered)
        name = labels.first ?? ""
        if Self.isLoopback(lowered) {
            (kind, region, qualifier) = (.loopback, nil, "")
        } else if Self.isAddress(lowered) {
            (kind, region, qualifier) = (.address, nil, "")
        } else if let dsql = Self.dsqlRegion(labels) {
            (kind, region, qualifier) = (.dsql, dsql, "")
        } else if let rds = Self.rds(labels) {
            (kind, region, qualifier) = rds
        } else {
            (kind, region, qualifier) = (.other, nil, "")
        }
    }

    /// As conninfo and password file use it: lower-cased, without the trailing dot that DNS allows.
    package static func normalised(_ host: String) -> String {
        // A socket's folder is a path, and no name.
        HostSyntax.isSocket(host) ? host : withoutDot(host.lowercased())
    }

    /// Without the dot that ends a name in DNS, as `dig` prints it: no certificate and no token has it.
    package static func withoutDot(_ host: String) -> String {
        host.utf8.last == dot && host.utf8.count > 1 ? String(host.dropLast()) : host
    }

    private static let dot = UInt8(ascii: ".")

    /// By bytes: every row that is shown asks, and characters cost ten times as much.
    private static func labels(of host: String) -> [String] {
        host.utf8.split(separator: dot, omittingEmptySubsequences: false).map { String(Substring($0)) }
    }

    /// Whether RDS or DSQL serves the name, so that a token can be signed for it.
    package var isSignable: Bool {
        switch kind {
        case .loopback, .address, .other: false
        default: true
        }
    }

    /// Whether it is an address, which needs no resolution.
    package var isNumeric: Bool { Self.isAddress(Self.normalised(text)) }

    /// Writer or reader as the name suggests; nil where it tells nothing.
    package var guessedRole: ClusterRole? {
        switch kind {
        case .clusterWriter, .globalWriter, .dsql, .limitless: .writer
        case .clusterReader: .reader
        case .custom, .instance, .proxy, .loopback, .address, .other: nil
        }
    }

    /// The writer endpoint of the same cluster, where the name is its reader's; nil elsewhere.
    package var writer: String? { sibling(.clusterReader, ".cluster-ro-", ".cluster-") }

    /// The reader endpoint of the same cluster, where the name is its writer's; nil elsewhere.
    package var reader: String? { sibling(.clusterWriter, ".cluster-", ".cluster-ro-") }

    /// The endpoint of an instance of the same cluster, by the instance's name; nil where this is no RDS name.
    package func instance(named instance: String) -> String? {
        let marker = qualifier.split(separator: "-").last.map(String.init) ?? ""
        guard [.clusterWriter, .clusterReader, .custom, .instance].contains(kind), !marker.isEmpty,
            !instance.isEmpty,
            instance.utf8.allSatisfy({
                (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d
            })
        else { return nil }
        let labels = Self.normalised(text).split(separator: ".").dropFirst(2)
        return ([instance, marker] + labels.map(String.init)).joined(separator: ".")
    }

    private func sibling(_ kind: EndpointKind, _ marker: String, _ other: String) -> String? {
        guard self.kind == kind, qualifier.hasPrefix(marker.dropFirst()) else { return nil }
        let host = Self.normalised(text)
        guard let range = host.firstRange(of: marker) else { return nil }
        return host[..<range.lowerBound] + other + host[range.upperBound...]
    }

    /// What the endpoint's column shows: the labels that differ and the short region.
    package var short: String {
        guard isSignable else { return text }
        var words = qualifier.isEmpty ? name : "\(name).\(qualifier)"
        if let region { words += " \(region.short)" }
        if kind == .instance { words += " inst" }
        return words
    }

    /// One line for the form: `cluster writer, region eu-west-1`.
    package var detected: String {
        guard let region else {
            return kind == .globalWriter ? "\(kind.words), needs a region" : kind.words
        }
        return "\(kind.words), region \(region)"
    }

    // MARK: The patterns

    /// The longest first: `amazonaws.com.cn` also ends as others begin.
    private static let rdsSuffixes: [[String]] = [
        ["csp", "hci", "ic", "gov"], ["amazonaws", "com", "cn"], ["c2s", "ic", "gov"],
        ["sc2s", "sgov", "gov"], ["cloud", "adc-e", "uk"], ["amazonaws", "com"], ["amazonaws", "eu"],
        ["amazonaws", "au"], ["amazonaws", "uk"],
    ]

    private static func rds(_ labels: [String]) -> (EndpointKind, Region?, String)? {
        guard let suffix = rdsSuffixes.first(where: { labels.suffix($0.count).elementsEqual($0) }) else {
            return nil
        }
        let rest = Array(labels.dropLast(suffix.count))
        guard rest.count >= 4, rest.allSatisfy({ !$0.isEmpty }) else { return nil }
        let (last, before) = (rest[rest.count - 1], rest[rest.count - 2])
        let regionText: String
        if last == "rds" || last == "rds-fips" {
            regionText = before
        } else if before == "rds" || before == "rds-fips" {
            regionText = last
        } else {
            return nil
        }
        let own = Array(rest.dropLast(2))
        let qualifier = own[own.count - 1]
        if regionText == "global" {
            return qualifier.hasPrefix("global-") ? (.globalWriter, nil, qualifier) : nil
        }
        guard let region = Region(rawValue: regionText) else { return nil }
        return (kind(of: qualifier), region, qualifier)
    }

    private static func kind(of qualifier: String) -> EndpointKind {
        if qualifier.hasPrefix("cluster-ro-") { return .clusterReader }
        if qualifier.hasPrefix("cluster-custom-") { return .custom }
        if qualifier.hasPrefix("cluster-") { return .clusterWriter }
        if qualifier.hasPrefix("proxy-") { return .proxy }
        if qualifier.hasPrefix("shardgrp-") { return .limitless }
        return .instance
    }

    private static func dsqlRegion(_ labels: [String]) -> Region? {
        guard labels.count == 5, labels[1].hasPrefix("dsql"), labels[3] == "on", labels[4] == "aws" else {
            return nil
        }
        return Region(rawValue: labels[2])
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host == "::1" || host == "[::1]"
            || (host.hasPrefix("127.") && isAddress(host))
    }

    private static func isAddress(_ host: String) -> Bool {
        if host.utf8.contains(UInt8(ascii: ":")) { return true }
        guard let first = host.utf8.first, first < UInt8(ascii: "a") else { return false }
        let parts = labels(of: host)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
