#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import AWS
import Profiles
import Synchronization
import Workers

/// Asks AWS which databases there are, and holds them against the saved profiles.
package struct Discovery: Sendable {
    /// How far it is, for people.
    package typealias Progress = @Sendable (String) -> Void

    /// As long as a throttled account may take.
    package static let timeout = Duration.seconds(180)
    /// Regions that are asked at once, and lists of theirs.
    private static let (regionsAtOnce, listsAtOnce) = (8, 24)

    private let book: ProfileBook
    private let mint: TokenMint

    package init(book: ProfileBook, mint: TokenMint) {
        self.book = book
        self.mint = mint
    }

    /// What there is, new, changed, known and gone.
    ///
    /// What one AWS profile or one region refuses is told and keeps nothing else out.
    ///
    /// - Throws: ``Refusal`` where no AWS profile has credentials, or no region is known.
    package func run(
        _ request: DiscoveryRequest, now: Date, options: SignerOptions, progress: @escaping Progress
    ) throws(Refusal) -> Intake {
        var targets: [Target] = []
        var problems: [String] = []
        var first: Refusal?
        for awsProfile in request.awsProfiles {
            do throws(Refusal) {
                targets += try self.targets(of: awsProfile, request, now, options)
            } catch {
                first = first ?? error
                problems.append("\(Self.label(awsProfile)): \(error.line)")
            }
        }
        if targets.isEmpty, let first { throw first }
        let listings = ask(targets, now, options, progress)
        guard !options.wait.cancellation.isCancelled else {
            throw Refusal(.failed, "the discovery was cancelled", do: "nothing was saved")
        }
        // Keys that are over are so in every region: what AWS says to all of them is said once, with its own code.
        if problems.isEmpty, listings.allSatisfy({ $0.failure?.concernsCredentials == true }),
            let ended = listings.first?.failure
        {
            throw Refusal(ended)
        }
        var notes: [String] = []
        // Nobody has asked for a region by its name that is closed to them, where others are not.
        let passesOver = request.allRegions && listings.contains { $0.failure == nil }
        for (target, listing) in zip(targets, listings) {
            let place = "\(Self.label(target.awsProfile)), \(listing.region)"
            if let failure = listing.failure {
                let meant = listing.region.meant.map { "; did you mean \($0)?" } ?? ""
                let line = "\(place): \(failure.message): \(failure.whatToDo)\(meant)"
                if passesOver, listing.isClosed { notes.append(line) } else { problems.append(line) }
            }
            problems += listing.problems.map { "\(place): \($0)" }
            notes += listing.notes.map { "\(place): \($0)" }
        }
        var comparison = DiscoveryComparison(
            saved: try book.live().map(\.profile), trashed: try book.trashed().map(\.profile),
            origins: try book.origins(),
            user: request.user)
        for (target, listing) in zip(targets, listings) {
            comparison.take(listing, awsProfile: target.awsProfile, account: target.account)
        }
        let places = Set(targets.map(\.region.rawValue)).sorted()
        let regions = places.count > 3 ? "\(places.count) regions" : places.joined(separator: ", ")
        return comparison.intake(source: "AWS \(regions)", problems: problems, notes: notes)
    }

    // MARK: Asking

    private struct Target: Sendable {
        var awsProfile: String?
        var region: Region
        var credentials: Credentials
        var account: String?
    }

    private static func label(_ awsProfile: String?) -> String {
        awsProfile.map { "AWS profile \($0)" } ?? "default chain"
    }

    private func targets(
        of awsProfile: String?, _ request: DiscoveryRequest, _ now: Date, _ options: SignerOptions
    ) throws(Refusal) -> [Target] {
        let credentials = try mint.credentials(profile: awsProfile, now: now, options: options)
        let chain = mint.source.store.chain
        let signer = TokenMint.request(awsProfile, now, options)
        var regions = request.regions
        if request.allRegions {
            do throws(AWSFailure) { regions = try chain.enabledRegions(credentials, signer) } catch {
                throw Refusal(error)
            }
        } else if regions.isEmpty {
            guard let text = mint.defaultRegion(of: awsProfile), let region = Region(rawValue: text) else {
                throw Refusal(
                    .usage, "no region is set for the \(Self.label(awsProfile))",
                    do: "name one by --region, or --all-regions",
                    onScreen: "name one, as in `discover eu-west-1`, or `discover all`")
            }
            regions = [region]
        }
        // Needs no permission; without it only what is found tells the account.
        let account = credentials.accountID ?? (try? chain.callerIdentity(credentials, signer))?.account
        return regions.map {
            Target(awsProfile: awsProfile, region: $0, credentials: credentials, account: account)
        }
    }

    private final class Count: Sendable {
        let numbers = Mutex((regions: 0, endpoints: 0))
    }

    private func ask(
        _ targets: [Target], _ now: Date, _ options: SignerOptions, _ progress: @escaping Progress
    ) -> [RegionListing] {
        let chain = mint.source.store.chain
        let (regions, lists) = (Crew(limit: Self.regionsAtOnce), Crew(limit: Self.listsAtOnce))
        let count = Count()
        let total = targets.count
        progress("asking AWS in \(total) region\(total == 1 ? "" : "s") ...")
        return regions.all(
            targets.map { target in
                { () -> RegionListing in
                    let signer = TokenMint.request(target.awsProfile, now, options)
                    let listing = chain.listing(
                        of: target.region, target.credentials, signer, crew: lists)
                    let (done, found) = count.numbers.withLock { numbers in
                        numbers.regions += 1
                        numbers.endpoints += listing.endpoints.count
                        return numbers
                    }
                    progress("\(done) of \(total) regions, \(found) endpoints")
                    return listing
                }
            })
    }
}
