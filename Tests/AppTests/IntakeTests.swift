import App
import Profiles
import Screen
import TestSupport
import Testing

/// Looking through what a file holds before any of it is saved.
struct IntakeTests {
    private static func intake() -> Intake {
        var new = Profile(name: "orders-new", host: "orders.cluster-c1x9.eu-west-1.rds.amazonaws.com")
        new.id = Fleet.id(900)
        new.user = "iam_dba"
        new.dial = "127.0.0.1:15432"
        var plain = Profile(name: "plain", host: "h.example")
        plain.id = Fleet.id(901)
        plain.auth = .password
        var known = Profile(name: "again", host: "x.example")
        known.id = Fleet.id(902)
        return Intake(
            source: "servers.json (pgAdmin)",
            items: [
                .init(.new, new, place: "server 1", notes: ["its colour left out"]),
                .init(
                    .new, plain, place: "server 2", notes: ["the password dropped: pgfob stores no secret"]),
                .init(.duplicate, known, old: Fleet.drawn[0].profile, place: "server 3"),
            ], problems: ["server 4 (bad): port \"54x2\" is not a number 1-65535"])
    }

    /// The preview, as `:import` opens it.
    private static func open(columns: Int = 80, rows: Int = 24, _ intake: Intake = intake()) -> Play {
        var play = Play(columns: columns, rows: rows)
        play.type(":import /tmp/servers.json")
        play.press(.enter)
        guard case .ask(let id, .importFile("/tmp/servers.json")) = play.effects.last else {
            Issue.record("nothing was asked: \(play.effects)")
            return play
        }
        play.send(.answered(id, .intake(intake)))
        return play
    }

    @Test(arguments: GoldenTests.sizes)
    func `a preview shows what is new, what is known and what has to be approved`(columns: Int, rows: Int) {
        Golden.expect(Self.open(columns: columns, rows: rows).lines, "intake-\(columns)x\(rows)")
    }

    @Test func `nothing is written before Enter, and Esc writes nothing`() {
        var play = Self.open()
        #expect(!play.effects.contains { if case .write = $0 { true } else { false } })
        play.press(.escape)
        #expect(play.status.contains("nothing was saved"))
        #expect(!play.effects.contains { if case .write = $0 { true } else { false } })
    }

    @Test func `what is chosen comes in as one change, without what nobody approved, and u takes it back`()
        throws
    {
        var play = Self.open()
        play.press(.enter)
        guard case .write(let id, .batch(let batch)) = play.effects.last else {
            Issue.record("nothing was written")
            return
        }
        #expect(batch.inserted.map(\.name) == ["orders-new", "plain"] && batch.inserted[0].dial == nil)
        play.send(.written(id, .done))
        #expect(play.status.contains("imported 2 profiles: u takes it back"))
        play.type("u")
        guard case .write(let undo, .batch(let opposite)) = play.effects.last else {
            Issue.record("nothing was taken back")
            return
        }
        #expect(opposite.trashed == batch.inserted.map(\.id))
        play.send(.written(undo, .done))
        play.press(.control("r"))
        guard case .write(_, .batch(let again)) = play.effects.last else {
            Issue.record("nothing was made again")
            return
        }
        #expect(again.restored == batch.inserted.map(\.id) && again.inserted.isEmpty)
    }

    @Test func `a approves what is marked, Space chooses, * chooses all`() throws {
        var play = Self.open()
        #expect(play.screen.contains("! dial 127.0.0.1:15432: comes in only if approved"))
        play.type("a")
        #expect(play.screen.contains("+ dial 127.0.0.1:15432, approved"))
        play.type("j ")
        play.type(" ")
        #expect(play.screen.contains("2 of 3 chosen"))
        play.press(.enter)
        guard case .write(_, .batch(let batch)) = play.effects.last else {
            Issue.record("nothing was written")
            return
        }
        #expect(batch.inserted.map(\.name) == ["orders-new", "again"])
        #expect(batch.inserted[0].dial == "127.0.0.1:15432")
    }

    @Test func `with nothing chosen Enter says so, and v shows all that is to be said`() {
        var play = Self.open()
        play.type("**")
        play.type("*")
        play.press(.enter)
        #expect(play.status.contains("nothing is chosen"))
        play.type("v")
        #expect(play.screen.contains("left out  server 4 (bad): port"))
        #expect(play.screen.contains("its colour left out"))
        play.press(.escape)
        #expect(play.screen.contains("servers.json (pgAdmin): 2 new"))
    }

    @Test func `a file without a profile says why`() {
        let play = Self.open(Intake(source: "f", problems: ["line 2: port: no"]))
        #expect(play.screen.contains("left out  line 2: port: no"))
        #expect(Self.open(Intake(source: "f")).status.contains("no profile is in it"))
    }

    // MARK: Discovery

    @Test func `discover asks as the profiles sign, shows how far it is, and then what there is`() throws {
        var play = Play()
        play.type(":discover all user:jo")
        play.press(.enter)
        guard case .discover(let id, let request) = play.effects.last else {
            Issue.record("AWS was not asked: \(play.effects)")
            return
        }
        #expect(request.allRegions && request.user == "jo" && request.awsProfiles.contains("acme-prod"))
        play.send(.progress(id, "3 of 17 regions, 412 endpoints"))
        #expect(play.status.contains("3 of 17 regions, 412 endpoints   Esc cancels"))
        // What is typed into a form is not meant for the picker.
        play.type("n")
        play.send(.answered(id, .intake(Self.intake())))
        #expect(play.screen.contains("New profile"))
        play.press(.escape)
        #expect(play.screen.contains("servers.json (pgAdmin): 2 new"))
        #expect(play.effects.last == .flushKeys)
        play.press(.enter)
        guard case .write(let write, .batch) = play.effects.last else {
            Issue.record("nothing was written")
            return
        }
        play.send(.written(write, .done))
        #expect(play.status.contains("added 2 profiles: u takes it back"))
    }

    @Test func `a discovery that found no database has ended, and says so`() {
        var play = Play()
        play.type(":discover")
        play.press(.enter)
        guard case .discover(let id, _) = play.effects.last else {
            Issue.record("AWS was not asked")
            return
        }
        play.send(.progress(id, "2 of 2 regions, 0 endpoints"))
        play.send(
            .answered(
                id, .intake(Intake(source: "AWS", items: [], problems: ["eu-west-1: AccessDenied"]))))
        #expect(play.screen.contains("left out  eu-west-1: AccessDenied"))
        #expect(!play.screen.contains("Esc cancels") && play.status.contains("no profile was found, 1 note "))
        play.press(.escape)
        #expect(!play.screen.contains("Esc cancels"))
    }

    @Test func `Esc in the list asks AWS no more, and a late answer is dropped`() {
        var play = Play()
        play.type(":discover")
        play.press(.enter)
        guard case .discover(let id, _) = play.effects.last else {
            Issue.record("AWS was not asked")
            return
        }
        play.press(.escape)
        #expect(play.effects.last == .cancelTest(id) && play.status.contains("asked no more"))
        play.send(.answered(id, .intake(Self.intake())))
        #expect(!play.screen.contains("servers.json"))
        play.type(":discover nowhere")
        play.press(.enter)
        #expect(play.status.contains("discover takes all, regions"))
    }

    @Test func `nothing new is a line, and what AWS refuses is told`() {
        for (intake, words) in [
            (
                Intake(source: "AWS eu-west-1", notes: ["15 known and unchanged"]),
                "nothing new; 15 known and unchanged"
            ),
            (
                Intake(source: "AWS eu-west-1", problems: ["default chain, eu-west-1: no"]),
                "left out  default chain, eu-west-1: no"
            ),
        ] {
            var play = Play()
            play.type(":discover")
            play.press(.enter)
            guard case .discover(let id, _) = play.effects.last else { continue }
            play.send(.answered(id, .intake(intake)))
            #expect(play.screen.contains(words))
        }
    }

    @Test func `what AWS said of a profile stands in its details`() throws {
        var play = Play(columns: 160, rows: 40)
        let id = try #require(play.model.selectedProfile?.id)
        play.send(
            .origins([
                id: CloudOrigin(
                    key: "k", account: "1", region: "eu-west-1", cluster: "orders", resourceID: "cluster-ABC",
                    engine: "aurora-postgresql 16.4", isIAMEnabled: false, tags: [:])
            ]))
        #expect(play.screen.contains("cluster-ABC") && play.screen.contains("IAM is off"))
    }
}
