#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Operations
import Profiles
import TestSupport

/// The verbs over a folder of their own, with an AWS profile and a CA bundle that exist.
struct Fixture {
    static let secret = "wJalrXUtnFEMI/PLANTED/bPxRfiCYEXAMPLEKEY"
    static let now = Date(timeIntervalSince1970: 1_795_530_000)

    let folder: TemporaryFolder
    let surroundings: Surroundings

    init(environment: [String: String] = [:], psql: String? = nil) throws {
        folder = try TemporaryFolder()
        try folder.write(
            """
            [acme]
            aws_access_key_id = AKIDEXAMPLE
            aws_secret_access_key = \(Self.secret)
            """, to: "credentials")
        try folder.write("not a certificate", to: "ca/global-bundle.pem")
        let base = [
            "HOME": folder.path, "PATH": "/usr/bin:/bin", "AWS_CONFIG_FILE": folder.file("config"),
            "AWS_SHARED_CREDENTIALS_FILE": folder.file("credentials"),
        ]
        surroundings = Surroundings(
            environment: base.merging(environment) { $1 }, storePath: folder.file("store/profiles.db"),
            caFolder: folder.file("ca"), stateFolder: folder.file("state"),
            settings: SettingsInForce {
                var values = SettingsInForce.Values()
                values.psql = psql
                return values
            })
    }

    var book: ProfileBook { ProfileBook(path: surroundings.storePath) }
    var mint: TokenMint { TokenMint(surroundings) }
    var preparer: SessionPreparer { SessionPreparer(surroundings, mint: mint) }

    /// A profile that can be signed for.
    static func orders(_ change: (inout Profile) -> Void = { _ in }) -> Profile {
        var profile = Profile(
            name: "orders", host: "Orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com")
        profile.user = "iam_dba"
        profile.database = "orders"
        profile.awsProfile = "acme"
        change(&profile)
        return profile
    }
}
