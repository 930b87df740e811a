#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import Diagnosis
import Profiles
import TLS
import Workers

/// A bundle of root certificates as it lies on this machine: what `pgfob ca` tells.
package struct BundleStatus: Sendable {
    /// One root of it.
    package struct Root: Sendable, Hashable {
        package var name: String
        package var notAfter: Date
        /// Whole days that it is good for; below 0 where it has ended.
        package var daysLeft: Int
        /// AWS does not sign with it any more.
        package var isRetired: Bool
    }

    package var path: String
    /// Profiles whose connections are checked against it.
    package var profiles: [String]
    package var roots: [Root] = []
    /// When it was written here.
    package var writtenAt: Date?
    /// What is wrong with it, the worst first; empty where it is good.
    package var warnings: [String] = []
    /// Whether nothing can be checked against it.
    package var isUnusable: Bool { roots.isEmpty }

    /// Reads a file.
    package init(path: String, profiles: [String], now: Date) {
        self.path = path
        self.profiles = profiles
        guard path != "system" else {
            warnings = ["the system's own roots, which do not hold RDS's"]
            return
        }
        guard let bytes = SmallFile.read(path, limit: BundleSource.sizeLimit) else {
            let what =
                Descriptors.isPipe(path)
                ? "it \(CauseCode.pipeWords)" : "the file is missing or cannot be read"
            warnings = ["\(what): `pgfob ca fetch` downloads the RDS bundle"]
            return
        }
        writtenAt = SmallFile.writtenAt(path)
        let bundle = RootBundle(bytes)
        roots = bundle.roots.map { Root($0, now: now) }
        judge(bundle, now: now)
    }

    private mutating func judge(_ bundle: RootBundle, now: Date) {
        if roots.isEmpty { warnings.append("there is no certificate in it: `pgfob ca fetch`") }
        let retired = roots.filter(\.isRetired).count
        if retired > 0 {
            let all = retired == roots.count
            warnings.append(
                "\(retired) of its roots \(retired == 1 ? "is" : "are") of the retired rds-ca-2019 family"
                    + (all ? ": no server shows a certificate of it any more" : "")
                    + ": `pgfob ca fetch`")
        }
        let ended = roots.filter { $0.daysLeft < 0 && !$0.isRetired }.count
        if ended > 0 { warnings.append("\(ended) of its roots \(ended == 1 ? "has" : "have") ended") }
        if bundle.unreadable > 0 { warnings.append("\(bundle.unreadable) blocks of it are no certificates") }
        let soon = roots.filter { (0..<90).contains($0.daysLeft) }.count
        if soon > 0 { warnings.append("\(soon) of its roots end\(soon == 1 ? "s" : "") within 90 days") }
    }
}

extension BundleStatus.Root {
    init(_ root: RootCertificate, now: Date) {
        self.init(
            name: root.name, notAfter: root.notAfter,
            daysLeft: Int((root.notAfter.timeIntervalSince(now) / 86_400).rounded(.down)),
            isRetired: Self.isRetired(root.name))
    }

    /// RDS's own roots of 2015 and 2019, which ended in 2020 and 2024 and were replaced by the G1 family
    /// (RDS User Guide, "Rotating your SSL/TLS certificate").
    static func isRetired(_ name: String) -> Bool {
        name.contains("Amazon RDS")
            && (name.contains("2019") || name.contains("2015") || name.contains("2010"))
    }
}

extension CABundle {
    /// The bundles in force for some profiles, each once, and the global one in any case.
    package func status(for profiles: [Profile], now: Date) -> [BundleStatus] {
        var names: [String: [String]] = [path(of: BundleSource(partition: .aws)): []]
        for profile in profiles where profile.sslmode >= .verifyCA {
            guard let file = file(for: profile) else { continue }
            names[file, default: []].append(profile.name)
        }
        return names.sorted { $0.key < $1.key }.map { path, names in
            BundleStatus(path: path, profiles: names.sorted(), now: now)
        }
    }
}
