#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import Profiles
import TLS
import Workers

/// Downloads the bundles that AWS publishes, and puts them in place of the old ones once every certificate of them
/// has been checked.
package struct BundleFetcher: Sendable {
    package struct Fetched: Sendable, Hashable {
        package var path: String
        package var address: String
        package var roots: Int
        /// Certificates in it that were left out: ended, or no root.
        package var leftOut: Int
        /// What it replaced had so many; nil where there was none.
        package var before: Int?
    }

    /// Another server with AWS's paths: a mirror inside a closed network.
    package static let mirrorVariable = "PGFOB_TRUSTSTORE_URL"

    private let transport: any HTTPTransport
    private let bundle: CABundle
    private let mirror: String?

    package init(_ surroundings: Surroundings) {
        let environment = EnvironmentValues(surroundings.environment)
        transport = HTTPClient(environment: environment, bundle: environment["AWS_CA_BUNDLE"])
        bundle = CABundle(folder: surroundings.caFolder)
        mirror = environment[Self.mirrorVariable]
    }

    /// What is fetched for a profile: what its server is checked against, or would be without a file of its own.
    package func source(for profile: Profile) -> BundleSource {
        bundle.source(for: profile) ?? BundleSource(partition: .aws)
    }

    /// Blocks on the network.
    ///
    /// - Throws: ``Refusal`` of kind `failed`; what lies there stays as it is then.
    package func fetch(_ source: BundleSource, now: Date, wait: Wait) throws(Refusal) -> Fetched {
        let name = source.partition.rawValue
        guard let text = source.address(base: mirror) else {
            throw Refusal(
                .failed, "where AWS publishes the bundle of \(name) is not known",
                do: "download it as that partition's documentation says, and name it in sslrootcert")
        }
        // Roots that came without TLS would be anybody's.
        guard let address = HTTPAddress(text), address.scheme == .https else {
            throw Refusal(.usage, "\(text) is no https:// address", do: "correct \(Self.mirrorVariable)")
        }
        let downloaded = RootBundle(try download(address, wait))
        let good = try judge(downloaded, text, now: now)
        let path = bundle.path(of: source)
        let old = SmallFile.read(path, limit: BundleSource.sizeLimit).map { RootBundle($0).roots.count }
        guard SmallFile.makeFolder(bundle.folder), SmallFile.replace(path, with: downloaded.text(of: good))
        else {
            throw Refusal(
                .failed, "\(path) cannot be written", do: "make room, or make its folder writable")
        }
        return Fetched(
            path: path, address: text, roots: good.count, leftOut: downloaded.roots.count - good.count,
            before: old)
    }

    private func download(_ address: HTTPAddress, _ wait: Wait) throws(Refusal) -> [UInt8] {
        let response: HTTPResponse
        do throws(HTTPFailure) {
            let options = HTTPOptions(bodyLimit: BundleSource.sizeLimit)
            response = try transport.send(HTTPRequest("GET", address), options: options, wait: wait)
        } catch {
            throw Refusal(
                .failed, "the CA bundle was not downloaded: \(error.text)",
                do: "check the network and its proxy, or bring the file from another machine")
        }
        guard response.succeeded, !response.body.isEmpty else {
            throw Refusal(
                .failed, "the CA bundle was not downloaded: HTTP \(response.status)",
                do: "try again; a region that is new or mistyped has none")
        }
        return response.body
    }

    /// What is good of it: roots of RDS that sign themselves, and are valid today. Whoever owns another root could
    /// show a certificate for any endpoint.
    private func judge(
        _ bundle: RootBundle, _ place: String, now: Date
    ) throws(Refusal) -> [RootCertificate] {
        func refused(_ what: String) -> Refusal {
            Refusal(.failed, "what \(place) holds is not taken: \(what)", do: "try again, or tell AWS")
        }
        guard bundle.unreadable == 0 else { throw refused("\(bundle.unreadable) blocks are no certificates") }
        let good = bundle.roots.filter { root in
            root.isOfRDS && root.isAuthority && root.signsItself && root.notAfter > now
                && root.notBefore <= now.addingTimeInterval(86_400)
        }
        guard bundle.roots.contains(where: \.isOfRDS) else {
            throw refused("there is no root certificate of Amazon RDS in it")
        }
        guard !good.isEmpty else { throw refused("there is no root certificate in it that is valid today") }
        return good
    }
}
