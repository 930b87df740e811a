#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import AWS
import Diagnosis
import Profiles
import Synchronization
import TLS
import Workers

/// Which file of root certificates a profile's connections are checked against.
package struct CABundle: Sendable {
    /// Below this many roots libpq reads a bundle in a moment; RDS's global one costs it some 26 ms of CPU at every
    /// connect (facts/fleet.md 3.4).
    static let trimsFrom = 12

    let folder: String

    /// - Parameter folder: where pgfob keeps the RDS bundles.
    package init(folder: String) {
        self.folder = folder
    }

    /// The file of a bundle that AWS publishes.
    package func path(of source: BundleSource) -> String { "\(folder)/\(source.fileName)" }

    /// The bundle that AWS publishes for a profile's server: its region's alone where that is in force here, else its
    /// partition's. Nil where AWS publishes none for it: RDS Proxy and DSQL have public certificates.
    package func source(for profile: Profile) -> BundleSource? {
        guard !Self.hasPublicCertificate(profile) else { return nil }
        let region = profile.region ?? Self.endpoint(of: profile).region
        guard let region else { return BundleSource(partition: .aws) }
        let regional = BundleSource(region: region)
        return access(path(of: regional), F_OK) == 0
            ? regional : BundleSource(partition: Partition(region: region))
    }

    /// The bundles that some profiles need, the global one where they name none, each once.
    package func sources(for profiles: [Profile]) -> [BundleSource] {
        let needing = profiles.filter { profile in
            profile.sslrootcert == nil && profile.sslmode >= .verifyCA
                && (Self.endpoint(of: profile).isSignable || profile.auth == .iam)
        }
        let found = Set(needing.compactMap { source(for: $0) })
        return found.isEmpty
            ? [BundleSource(partition: .aws)] : found.sorted { $0.fileName < $1.fileName }
    }

    /// The profile's own file, else the RDS bundle for a name that AWS serves; nil leaves it to libpq.
    package func file(for profile: Profile) -> String? {
        if let own = profile.sslrootcert { return own }
        guard profile.sslmode >= .verifyCA,
            Self.endpoint(of: profile).isSignable || profile.auth == .iam
        else {
            return nil
        }
        if Self.hasPublicCertificate(profile) { return Self.systemRoots }
        let region = profile.region ?? Self.endpoint(of: profile).region
        if let region {
            // One region's alone, where somebody has fetched that.
            let regional = path(of: BundleSource(region: region))
            if access(regional, R_OK) == 0 { return regional }
        }
        return path(of: BundleSource(partition: region.map(Partition.init(region:)) ?? .aws))
    }

    /// Of a profile by service the host may be the service's.
    private static func endpoint(of profile: Profile) -> HostName {
        HostName(profile.host.isEmpty ? profile.parameters["host"] ?? "" : profile.host)
    }

    /// RDS Proxy and DSQL show certificates of public authorities (facts/aws.md 3, "RDS Proxy"): the RDS bundle would
    /// refuse them.
    private static func hasPublicCertificate(_ profile: Profile) -> Bool {
        [.proxy, .dsql].contains(Self.endpoint(of: profile).kind)
    }

    /// The system's own bundle of roots as a file, where the systems that we know keep it: libpq understands the word
    /// `system` only from 16 on.
    private static var systemRoots: String {
        let known = [
            "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/ssl/ca-bundle.pem",
            "/etc/ssl/cert.pem",
        ]
        return known.first { access($0, R_OK) == 0 } ?? "system"
    }

    /// What libpq is handed: of a large bundle the roots of the endpoint's region alone, in a file beside it that is
    /// made when it is first needed. The same as ``file(for:)`` where there is nothing to leave out.
    package func trimmed(for profile: Profile) -> String? {
        guard let whole = file(for: profile), whole != "system", profile.sslmode >= .verifyCA,
            let region = Self.endpoint(of: profile).region, !Self.hasPublicCertificate(profile)
        else { return file(for: profile) }
        return Trimmings.shared.file(of: whole, for: region, in: folder) ?? whole
    }

    /// Refuses before a connection where the file is not there: libpq would only say so after a token was made.
    ///
    /// - Throws: ``Refusal`` with cause `ca-missing`.
    package func check(for profile: Profile) throws(Refusal) {
        guard profile.sslmode >= .verifyCA, let file = file(for: profile), file != "system" else { return }
        let isPipe = Descriptors.isPipe(file)
        guard isPipe || access(file, R_OK) != 0 else { return }
        let code = isPipe ? 0 : errno
        let fetch = "`pgfob ca fetch` downloads the RDS bundle"
        throw Refusal(
            .failed, "the CA bundle \(file) \(isPipe ? CauseCode.pipeWords : "cannot be read")",
            do: profile.sslrootcert == nil ? fetch : "correct sslrootcert, or clear it: \(fetch)",
            cause: code == ENOENT || code == ENOTDIR ? .caMissing : .caUnreadable)
    }
}

/// The trimmed files that this process knows of, by the bundle they are made of, its time and its size.
private final class Trimmings: Sendable {
    static let shared = Trimmings()

    private struct Key: Hashable {
        var path: String
        var region: Region
        var seconds: Int
        var nanoseconds: Int
        var size: Int
    }

    private let known = Mutex<[Key: String?]>([:])

    /// Nil where nothing can be left out, or the file cannot be made.
    func file(of whole: String, for region: Region, in folder: String) -> String? {
        var status = stat()
        guard stat(whole, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        #if canImport(Glibc)
        let time = status.st_mtim
        #else
        let time = status.st_mtimespec
        #endif
        let key = Key(
            path: whole, region: region, seconds: time.tv_sec, nanoseconds: time.tv_nsec,
            size: Int(status.st_size))
        // Made by one while the others wait: each of them would read the whole of it.
        return known.withLock { known in
            if let file = known[key] { return file }
            let file = Self.make(key, folder)
            known[key] = .some(file)
            return file
        }
    }

    private static func make(_ key: Key, _ folder: String) -> String? {
        guard let bytes = SmallFile.read(key.path, limit: BundleSource.sizeLimit) else { return nil }
        let bundle = RootBundle(bytes)
        let wanted = " \(key.region.rawValue) "
        guard bundle.roots.count >= CABundle.trimsFrom,
            bundle.roots.contains(where: { $0.name.contains(wanted) })
        else { return nil }
        let chosen = bundle.roots.filter { root in
            root.name.contains(wanted) || BundleSource.region(in: root.name) == nil
        }
        guard chosen.count < bundle.roots.count else { return nil }
        let text = bundle.text(of: chosen)
        let stamp = "\(key.size)-\(key.seconds)-\(key.nanoseconds)"
        let path = "\(folder)/trimmed/\(key.region)-\(TextMark.text(of: key.path + stamp)).pem"
        if SmallFile.read(path, limit: BundleSource.sizeLimit) == text {
            // In use: what is not for a month goes.
            utimes(path, nil)
            return path
        }
        guard SmallFile.makeFolder("\(folder)/trimmed"), SmallFile.replace(path, with: text) else {
            return nil
        }
        sweep("\(folder)/trimmed", now: time(nil))
        return path
    }

    /// A session that runs may come back to its file: only what nobody was handed for so long is removed, in seconds.
    private static let unusedFor = 30 * 86_400

    /// Removes what was made of bundles that have been replaced since.
    private static func sweep(_ folder: String, now: Int) {
        guard let stream = opendir(folder) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            var status = stat()
            guard name.hasSuffix(".pem"), stat("\(folder)/\(name)", &status) == 0 else { continue }
            #if canImport(Glibc)
            let written = status.st_mtim.tv_sec
            #else
            let written = status.st_mtimespec.tv_sec
            #endif
            if now - written > unusedFor { unlink("\(folder)/\(name)") }
        }
    }
}
