import Operations
import Profiles
import Testing

struct ProfileBookTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test func `a mistyped name gets the nearest one`() throws {
        let book = fixture.book
        try book.add(Fixture.orders())
        let refusal = #expect(throws: Refusal.self) { try book.named("ordres") }
        #expect(refusal?.kind == .failed)
        #expect(refusal?.line.contains("did you mean \"orders\"?") == true)
    }

    @Test func `a profile with a wrong field is not saved and the field is named`() throws {
        let book = fixture.book
        let refusal = #expect(throws: Refusal.self) { try book.add(Fixture.orders { $0.sslmode = .prefer }) }
        #expect(refusal?.kind == .usage)
        #expect(refusal?.field == .sslmode)
        #expect(try book.live().isEmpty)
    }

    @Test func `a name that is taken in another case is refused and says so`() throws {
        let book = fixture.book
        try book.add(Fixture.orders())
        let refusal = #expect(throws: Refusal.self) { try book.duplicate("orders", as: "ORDERS") }
        #expect(refusal?.kind == .usage)
        #expect(refusal?.field == .name)
    }

    @Test func `removing several removes all or none`() throws {
        let book = fixture.book
        try book.add(Fixture.orders())
        #expect(throws: Refusal.self) { try book.remove(["orders", "nobody"]) }
        #expect(try book.live().count == 1)
        try book.remove(["Orders"])
        #expect(try book.live().isEmpty)
        #expect(try book.restore("orders") == "orders")
    }

    @Test func `of many names each is found once, in their order, and the first that is none is told`() throws
    {
        let book = fixture.book
        try book.add((0..<40).map { number in Fixture.orders { $0.name = "svc-\(number)" } })
        let wanted = ["SVC-7", "svc-31", "svc-7", "svc-0"]
        #expect(try book.profiles(named: wanted).map(\.name) == ["svc-7", "svc-31", "svc-0"])
        let refusal = #expect(throws: Refusal.self) {
            try book.profiles(named: ["svc-1", "svc-x7", "nobody"])
        }
        #expect(refusal?.line.contains("no profile is named \"svc-x7\"") == true)
        #expect(try book.remove(wanted) == ["svc-7", "svc-31", "svc-0"])
        #expect(try book.live().count == 37)
    }

    @Test func `a duplicate has every field and a history of its own`() throws {
        let book = fixture.book
        let original = Fixture.orders {
            $0.environment = .prod
            $0.tags = ["pci", "eu"]
            $0.parameters = ["keepalives_idle": "30", "options": "-c statement_timeout=5000"]
            $0.readOnly = false
            $0.sslrootcert = "/etc/ca.pem"
        }
        try book.add(original)
        let session = SessionRecord(
            profile: original, program: "psql", database: "orders", readOnly: false, openedBy: "jo")
        let surroundings = Surroundings(
            environment: [:], storePath: fixture.folder.file("p.db"), caFolder: "", stateFolder: "")
        let audit = Audit(book, surroundings)
        let entry = audit.began(session, at: Fixture.now)
        audit.ended(entry, session.entry(at: Fixture.now, seconds: 12, ending: .code(0)), counts: true)
        audit.settle()
        #expect(try book.named("orders").timesUsed == 1)
        try book.duplicate("orders", as: "orders two")
        var copy = try book.named("orders two")
        #expect(copy.timesUsed == 0)
        copy.profile.id = original.id
        copy.profile.name = original.name
        #expect(copy.profile == original)
    }
}
