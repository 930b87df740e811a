#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import Operations
import Profiles

/// `pgfob discover`: profiles of what AWS lists.
struct Discover: CheckedCommand {
    static let configuration = CommandConfiguration(
        commandName: "discover", abstract: "Make profiles of the databases that AWS lists.",
        discussion: """
            Writer, reader, custom and instance endpoints, proxies and global writers of PostgreSQL, with their tags. A \
            second run updates what AWS has changed and leaves alone what you have. On a terminal a preview is shown \
            first. Needs rds:DescribeDBClusters, DescribeDBInstances, DescribeDBClusterEndpoints, DescribeDBProxies and \
            DescribeGlobalClusters; --all-regions also ec2:DescribeRegions.
            """)

    @Option(
        help: "An AWS profile; may be repeated. The default chain where absent.",
        completion: Completion.awsProfiles)
    var profile: [String] =
        []
    @Option(
        help: "A region; may be repeated. The AWS profile's own where absent.",
        completion: Completion.regions)
    var region: [String] = []
    @Flag(help: "Every region that is enabled for the account.") var allRegions = false
    @Option(help: "The database user of new profiles.") var user: String?
    @Flag(help: "Move what is gone to the trash.") var prune = false
    @Flag(help: "Only show what there is.") var dryRun = false
    @Flag(help: "Do not ask.") var yes = false
    @Flag(help: "One JSON object an endpoint.") var json = false
    @OptionGroup var globals: GlobalOptions

    func check() throws {
        if allRegions, !region.isEmpty {
            throw ValidationError("--all-regions and --region exclude each other")
        }
    }

    func run() throws {
        let session = try Session.open()
        var regions: [Region] = []
        for text in region { regions.append(try Region.option(text)) }
        let book = session.book
        // A store that cannot be used is told before AWS is asked.
        _ = try book.store()
        let tells = Output.canAsk
        let intake = try Discovery(book: book, mint: TokenMint(session.plainSurroundings)).run(
            DiscoveryRequest(
                awsProfiles: profile.isEmpty ? [nil] : profile, regions: regions, allRegions: allRegions,
                user: user),
            now: Date(), options: session.signerOptions(timeout: Discovery.timeout),
            progress: { if tells { Output.remark("pgfob: \($0)") } })
        let code = try IntakeDialogue(
            intake: intake, verb: "added", dryRun: dryRun, approve: true, asks: !yes, json: json,
            removesGone: prune
        ).run(book)
        if code != 0 { throw ProgramEnd(code: code) }
    }
}
