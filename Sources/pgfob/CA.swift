#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import Operations
import Profiles
import Workers

/// `pgfob ca`: the root certificates that servers are checked against.
struct CA: CheckedCommand {
    static let configuration = CommandConfiguration(
        commandName: "ca", abstract: "Show or fetch the root certificates of RDS.",
        discussion: """
            status lists the bundles in force with their roots and warns of retired ones; it ends with 1 where one \
            that profiles need is missing or useless. fetch downloads what AWS publishes for the saved profiles \
            (their partitions' bundles, and those of single regions that are in force; the global one where there are \
            none) or for --region, checks that every certificate is a root of RDS and valid, and replaces the old file \
            at once.
            """)

    enum Verb: String, ExpressibleByArgument, CaseIterable { case status, fetch }

    @Argument(help: "status or fetch.") var verb = Verb.status
    @Option(help: "fetch: the roots of one region; those of its partition with --partition-wide.")
    var region: String?
    @Flag(help: "fetch: all regions of the partition that --region is in.") var partitionWide = false
    @Flag(help: "status: one JSON object for every bundle.") var json = false
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        let session = try Session.open()
        switch verb {
        case .status: try status(session)
        case .fetch: try fetch(session)
        }
    }

    func check() throws {
        switch verb {
        case .status where region != nil || partitionWide:
            throw ValidationError("--region and --partition-wide are for `pgfob ca fetch`")
        case .fetch where json: throw ValidationError("--json is for `pgfob ca status`")
        case .fetch where partitionWide && region == nil:
            throw ValidationError("--partition-wide needs the partition's --region")
        default: break
        }
    }

    private func fetch(_ session: Session) throws {
        let fetcher = BundleFetcher(session.plainSurroundings)
        var failed: Refusal?
        let all = try sources(session)
        for source in all {
            do throws(Refusal) {
                let wait = Wait(deadline: .now + .seconds(60), cancellation: Cancellation())
                Output.print(Self.line(try fetcher.fetch(source, now: Date(), wait: wait)))
            } catch {
                // The others may be had all the same.
                if all.count > 1 { Output.complain("\(source.words): \(error.line)") }
                failed = error
            }
        }
        guard let failed else { return }
        if all.count > 1 { throw ProgramEnd(code: 1) }
        throw failed
    }

    private func sources(_ session: Session) throws -> [BundleSource] {
        guard let region else {
            let bundle = CABundle(folder: session.places.certificates)
            return bundle.sources(for: try session.book.live().map(\.profile))
        }
        let known = try Region.option(region)
        return [
            partitionWide ? BundleSource(partition: Partition(region: known)) : BundleSource(region: known)
        ]
    }

    private static func line(_ fetched: BundleFetcher.Fetched) -> String {
        let before = fetched.before.map { ", in place of one with \($0)" } ?? ""
        let left = fetched.leftOut > 0 ? ", \(fetched.leftOut) that are not valid left out" : ""
        return "\(fetched.path): \(fetched.roots) roots from \(fetched.address)\(before)\(left)"
    }

    private func status(_ session: Session) throws {
        let now = Date()
        let bundle = CABundle(folder: session.places.certificates)
        let all = bundle.status(for: try session.book.live().map(\.profile), now: now)
        for status in all {
            Output.print(json ? Self.json(status).text : status.lines.joined(separator: "\n"))
        }
        let useless = all.filter { $0.isUnusable && !$0.profiles.isEmpty && $0.path != "system" }
        guard !useless.isEmpty else { return }
        for status in useless {
            let why = status.warnings.first ?? "there is no certificate in it: `pgfob ca fetch`"
            Output.complain("\(status.path): \(why)")
        }
        throw ProgramEnd(code: 1)
    }

    private static func json(_ status: BundleStatus) -> JSONText {
        .object([
            .init("path", .string(status.path)),
            .init("written_at", .optional(status.writtenAt.map { Timestamp.rfc3339($0) })),
            .init("profiles", .array(status.profiles.map { .string($0) })),
            .init("warnings", .array(status.warnings.map { .string($0) })),
            .init(
                "roots",
                .array(
                    status.roots.map { root in
                        .object([
                            .init("name", .string(root.name)),
                            .init("not_after", .string(Timestamp.rfc3339(root.notAfter))),
                            .init("days_left", .integer(root.daysLeft)),
                            .init("retired", .bool(root.isRetired)),
                        ])
                    })),
        ])
    }
}
