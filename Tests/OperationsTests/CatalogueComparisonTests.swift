#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Operations
import Profiles
import TestSupport
import Testing

/// Three ways: what both agreed on, here, and there.
struct CatalogueComparisonTests {
    private static let host = "orders.cluster-c1x9abcdefgh.eu-west-1.rds.amazonaws.com"
    private static let when = Date(timeIntervalSince1970: 1_795_530_000)

    private static func entry(_ profile: Profile, version: Int, isDeleted: Bool = false) -> CatalogueEntry {
        CatalogueEntry(
            id: profile.id, version: version, revision: version, isDeleted: isDeleted,
            fields: TeamFields(profile), changedBy: "ben", changedAt: when)
    }

    private static func link(_ profile: Profile) -> CatalogueLink {
        CatalogueLink(
            rowID: profile.id, profileID: profile.id, version: 1, base: TeamFields(profile).json,
            changedBy: "ann", changedAt: when)
    }

    private static func snapshot(_ live: [Profile], _ links: [CatalogueLink]) -> CatalogueSnapshot {
        CatalogueSnapshot(live: live, trashed: [], state: nil, links: links)
    }

    private static let values: [ProfileField: [String]] = [
        .port: ["5432", "6000", "7000"], .database: ["postgres", "a", "b"], .group: ["", "x", "y"],
        .tags: ["", "pci", "pci, eu"], .readOnly: ["", "yes", "no"], .connectTimeout: ["", "1", "2"],
        .environment: ["", "prod", "dev"], .parameters: ["", "options='-c x=y'", "keepalives=0"],
    ]

    private static func any(_ dice: inout SeededDice, id: UUID) throws -> Profile {
        var profile = Profile(id: id, name: "orders", host: host)
        profile.user = "u"
        for (field, texts) in values.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            try profile.set(field, to: texts.randomElement(using: &dice) ?? "")
        }
        return profile
    }

    @Test func `whatever is changed on either side, no value of either is lost`() throws {
        var dice = SeededDice(seed: 7)
        for _ in 0..<400 {
            let id = UUID()
            let (base, here, there) = (
                try Self.any(&dice, id: id), try Self.any(&dice, id: id), try Self.any(&dice, id: id)
            )
            var comparison = CatalogueComparison(Self.snapshot([here], [Self.link(base)]), user: nil)
            comparison.take([Self.entry(there, version: 2)])
            #expect(comparison.problems.isEmpty)
            let merged = comparison.batch.updated.first?.new ?? here
            let link = try #require(comparison.batch.catalogue.links.first)
            let open = Set(link.openConflicts(merged))
            for field in TeamFields.all {
                let (was, mine, theirs) = (base.text(of: field), here.text(of: field), there.text(of: field))
                let now = merged.text(of: field)
                // The catalogue's value is known either way, whatever the profile says.
                #expect(TeamFields(json: link.base)[field] == theirs)
                if mine == was {
                    #expect(now == theirs && !open.contains(field))
                } else {
                    #expect(now == mine)
                    #expect(open.contains(field) == (theirs != was && theirs != mine), "\(field)")
                }
            }
            #expect(merged.user == "u")
        }
    }

    @Test func `what is personal in a row is not taken over, and no change is seen where nobody made one`()
        throws
    {
        let id = UUID()
        let fields =
            #"{"name":"x","host":"h.example","port":"5432","database":"postgres","auth":"none","#
            + #""sslmode":"verify-full","parameters":"sslkey=/team keepalives_idle=9 keepalives=0"}"#
        let entry = CatalogueEntry(
            id: id, version: 1, revision: 1, isDeleted: false, fields: TeamFields(json: fields),
            changedBy: "ben",
            changedAt: Self.when)
        var comparison = CatalogueComparison(Self.snapshot([], []), user: nil)
        comparison.take([entry])
        var profile = try #require(comparison.batch.inserted.first)
        let link = try #require(comparison.batch.catalogue.links.first)
        #expect(profile.parameters == ["keepalives_idle": "9", "keepalives": "0"])
        #expect(link.changes(profile).isEmpty)
        // A link that an older pgfob has saved.
        var old = link
        old.base = fields
        #expect(old.changes(profile).isEmpty && !old.outgoing(profile)[.parameters].contains("sslkey"))
        profile.sslmode = .require
        #expect(link.changes(profile).isEmpty && link.keepsLowerMode(profile))
    }

    @Test func `a conflict stays open whatever comes later, and is over where both say the same`() throws {
        var base = Profile(name: "orders", host: Self.host)
        base.user = "u"
        var (here, there) = (base, base)
        (here.port, there.port) = (1, 2)
        var links = [Self.link(base)]
        for (version, port, isOpen) in [(2, 2, true), (3, 3, true), (4, 1, false), (5, 4, false)] {
            there.port = port
            var comparison = CatalogueComparison(Self.snapshot([here], links), user: nil)
            comparison.take([Self.entry(there, version: version)])
            links = comparison.batch.catalogue.links
            here = comparison.batch.updated.first?.new ?? here
            let link = try #require(links.first)
            #expect((link.openConflicts(here) == [.port]) == isOpen, "version \(version)")
            if isOpen { #expect(link.conflicts[.port] == "5432" && here.port == 1) }
        }
        #expect(here.port == 4)
    }

    @Test func `a catalogue that has gone back is believed as it is, and what it lost is one's own again`()
        throws
    {
        var base = Profile(name: "orders", host: Self.host)
        base.user = "u"
        var later = Profile(name: "later", host: Self.host)
        later.user = "u"
        var (older, changed) = (base, base)
        (older.group, changed.port) = ("old", 7)
        var link = Self.link(base)
        link.version = 4
        var comparison = CatalogueComparison(
            Self.snapshot([changed, later], [link, Self.link(later)]), user: nil)
        let entries = [Self.entry(older, version: 2)]
        #expect(comparison.isSetBack(by: entries, count: 2))
        comparison.take(restored: entries)
        // What nobody has changed here follows, what was changed here stays to be pushed.
        let new = try #require(comparison.batch.updated.first?.new)
        #expect(new.group == "old" && new.port == 7)
        #expect(comparison.batch.catalogue.links.map(\.version) == [2])
        #expect(comparison.batch.catalogue.forgotten == [later.id] && comparison.batch.trashed.isEmpty)
        #expect(
            comparison.intake(source: "x").notes.contains {
                $0.hasPrefix("no longer shared") && $0.contains("later")
            })
        let plain = CatalogueComparison(Self.snapshot([base], [Self.link(base)]), user: nil)
        #expect(
            !plain.isSetBack(by: [Self.entry(base, version: 1), Self.entry(later, version: 1)], count: 2))
        #expect(plain.isSetBack(by: [], count: 0) && !plain.isSetBack(by: [], count: 1))
        #expect(!plain.isSetBack(by: [Self.entry(base, version: 2, isDeleted: true)], count: 0))
    }

    @Test func `an old row says nothing new`() throws {
        var base = Profile(name: "orders", host: Self.host)
        base.user = "u"
        var older = base
        older.port = 1
        var comparison = CatalogueComparison(Self.snapshot([base], [Self.link(base)]), user: nil)
        comparison.take([Self.entry(older, version: 1), Self.entry(base, version: 1, isDeleted: true)])
        #expect(comparison.batch.isEmpty)
    }

    @Test
    func `what two have typed apart is joined by name and place, and a name that is taken gets a number`()
        throws
    {
        var mine = Profile(name: "Orders", host: Self.host.uppercased())
        mine.user = "me"
        var theirs = Profile(name: "orders", host: Self.host)
        theirs.group = "payments"
        var other = Profile(name: "ORDERS", host: "elsewhere.example")
        other.auth = .none
        var comparison = CatalogueComparison(Self.snapshot([mine], []), user: "u")
        comparison.take([Self.entry(theirs, version: 1), Self.entry(other, version: 2)])
        let joined = try #require(comparison.batch.updated.first?.new)
        #expect(joined.id == mine.id && joined.group == "payments" && joined.user == "me")
        let link = try #require(comparison.batch.catalogue.links.first { $0.rowID == theirs.id })
        #expect(Set(link.openConflicts(joined)) == [.name, .host])
        let added = try #require(comparison.batch.inserted.first)
        #expect(added.name == "ORDERS (2)")
        let own = try #require(comparison.batch.catalogue.links.first { $0.rowID == other.id })
        #expect(own.changes(added).isEmpty)
    }

    @Test func `parameters of one's own machine neither go nor are they taken away`() throws {
        var mine = Profile(name: "orders", host: Self.host)
        mine.user = "u"
        mine.parameters = ["sslcert": "/home/me/a.crt", "keepalives": "0"]
        #expect(!TeamFields(mine).json.contains("sslcert"))
        var theirs = mine
        theirs.parameters = ["keepalives": "1"]
        var comparison = CatalogueComparison(Self.snapshot([mine], [Self.link(mine)]), user: nil)
        comparison.take([Self.entry(theirs, version: 2)])
        let merged = try #require(comparison.batch.updated.first?.new)
        #expect(merged.parameters == ["sslcert": "/home/me/a.crt", "keepalives": "1"])
        var evil = CatalogueEntry(
            id: mine.id, version: 3, revision: 3, isDeleted: false, fields: TeamFields(theirs),
            changedBy: "x",
            changedAt: Self.when)
        evil.fields[.parameters] = "sslcert=/tmp/evil keepalives=2"
        var second = CatalogueComparison(
            Self.snapshot([merged], comparison.batch.catalogue.links), user: nil)
        second.take([evil])
        let after = second.batch.updated.first?.new ?? merged
        #expect(after.parameters == ["sslcert": "/home/me/a.crt", "keepalives": "2"])
    }

    @Test func `a tightened sslmode comes in, a loosened one does not, and neither is sent back`() throws {
        var mine = Profile(name: "own", host: "db.example")
        (mine.auth, mine.sslmode) = (.none, .verifyCA)
        for (theirs, expected) in [(SSLMode.verifyFull, SSLMode.verifyFull), (.prefer, .verifyCA)] {
            var there = mine
            there.sslmode = theirs
            var comparison = CatalogueComparison(Self.snapshot([mine], [Self.link(mine)]), user: nil)
            comparison.take([Self.entry(there, version: 2)])
            let merged = comparison.batch.updated.first?.new ?? mine
            #expect(merged.sslmode == expected)
            #expect(try #require(comparison.batch.catalogue.links.first).changes(merged).isEmpty)
        }
        // Loosened here, it is nobody else's business.
        var loose = mine
        loose.sslmode = .prefer
        #expect(Self.link(mine).changes(loose).isEmpty)
    }
}
