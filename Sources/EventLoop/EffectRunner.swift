#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import App
import Diagnosis
import Operations
import Profiles
import Screen
import Workers

/// Carries out what the model asks for, away from the key loop, and posts the answers.
final class EffectRunner {
    let verbs: Verbs
    let mailbox: Mailbox
    /// One at a time and in order: a reading after a writing sees it.
    let storeCrew = Crew(limit: 1)
    /// One at a time too: what was seen before a login elsewhere is never told after what was seen behind it.
    private let outlookCrew = Crew(limit: 1)
    let crew: Crew
    /// Tests have one of their own: however many wait, a token is still minted at once, and a key is answered.
    /// While the machine is busy only a few run: each login keeps a server process busy as well, which may be on it.
    private let testCrew = Crew(
        limit: Descriptors.room(for: 32), least: 2 * WorkerThread.processors, standsBack: true)
    private let batchNames = BatchNames()
    private var tests: [RequestID: Cancellation] = [:]
    private let found: FoundTests
    let storeVersion = StoreVersion()
    var runs: [RequestID: StatementsUnderWay] = [:]
    var launches: [RequestID: LaunchUnderWay] = [:]
    let questions: Questions
    /// Tunnels that the user keeps up.
    private let held = HeldTunnels()
    private var tunnelOpenings: [UUID: Cancellation] = [:]
    let proxies = HeldProxies()
    var proxyOpenings: [UUID: Cancellation] = [:]
    let clipboard: Clipboard
    private var hasCopied = false
    /// Cancelled at the program's end: what was copied into tmux goes with it.
    let ending = Cancellation()
    let following = CatalogueFollowing()

    init(verbs: Verbs, mailbox: Mailbox, clipboard: Clipboard) {
        self.clipboard = clipboard
        self.verbs = verbs
        self.mailbox = mailbox
        questions = Questions(mailbox: mailbox)
        found = FoundTests(verbs: verbs, mailbox: mailbox, crew: storeCrew)
        crew = Crew(limit: 32)
    }

    /// - Parameter amongMany: one of a batch, whose results are looked at some times a second: a key goes first.
    func test(_ id: RequestID, _ profile: Profile, amongMany: Bool = false) {
        let cancellation = Cancellation()
        tests[id] = cancellation
        found.expect()
        testCrew.submit { [verbs, mailbox, questions, found, batchNames] in
            var options = ConnectionTester.Options(
                cancellation: cancellation, askCode: { questions.code($0, cancellation) },
                askTunnel: { questions.tunnel($0, $1) }, asksTopology: !amongMany,
                names: amongMany ? batchNames : nil)
            // A question in the middle of many would stand in the way of the list: the model asks for another test then.
            if !amongMany {
                options.askPassword = { [mailbox] in
                    // The server has ended the first attempt there: until the answer comes, that is where it waits.
                    mailbox.post(.stageBegan(id, .auth))
                    return questions.password($0, $1)
                }
            }
            let report = verbs.tester.test(
                profile, options, began: { mailbox.post(.stageBegan(id, $0), mayWait: amongMany) },
                ended: { mailbox.post(.stageEnded(id, $0), mayWait: amongMany) })
            mailbox.post(.tested(id, report), mayWait: amongMany)
            mailbox.post(.clockSkew(verbs.mint.clockSkew), mayWait: amongMany)
            found.keep(profile, report.outcome == .cancelled ? nil : report)
        }
    }

    func cancelTest(_ id: RequestID) {
        tests.removeValue(forKey: id)?.cancel()
    }

    /// Asks AWS for databases; how far it is comes as progress, what there is as the answer.
    func discover(_ id: RequestID, _ request: DiscoveryRequest) {
        let cancellation = Cancellation()
        tests[id] = cancellation
        crew.submit { [verbs, mailbox, questions] in
            var options = SignerOptions(timeout: Discovery.timeout, cancellation: cancellation)
            options.askCode = { questions.code($0, cancellation) }
            do throws(Refusal) {
                let intake = try verbs.discovery.run(
                    request, now: Date(), options: options, progress: { mailbox.post(.progress(id, $0)) })
                mailbox.post(.answered(id, .intake(intake)))
            } catch {
                mailbox.post(.answered(id, .failed(error.screenLine)))
            }
            mailbox.post(.clockSkew(verbs.mint.clockSkew))
        }
    }

    /// The test has answered: nothing is left to cancel.
    func forgetTest(_ id: RequestID) {
        tests[id] = nil
    }

    func cancelAllTests() {
        for test in tests.values { test.cancel() }
        tests = [:]
        found.finish()
    }

    func mint(_ id: RequestID, _ profile: Profile) {
        let cancellation = Cancellation()
        tests[id] = cancellation
        crew.submit { [verbs, mailbox, questions] in
            do throws(Refusal) {
                var options = Self.options(questions, cancellation)
                options.fresh = true
                let minted = try verbs.mint.mint(profile, now: Date(), options: options)
                mailbox.post(.outlooks([profile.awsProfile ?? "": minted.signer]))
                mailbox.post(.minted(id, .minted(minted.clock)))
            } catch {
                let needsLogin = error.cause?.asksForLogin == true
                mailbox.post(.minted(id, .failed(error.line, needsLogin: needsLogin, login: error.login)))
            }
            mailbox.post(.clockSkew(verbs.mint.clockSkew))
        }
    }

    static func options(
        _ questions: Questions, _ cancellation: Cancellation = Cancellation()
    ) -> SignerOptions {
        var options = SignerOptions(
            cancellation: cancellation, askCode: { questions.code($0, cancellation) })
        options.askTunnel = { questions.tunnel($0, $1) }
        options.askPassword = { questions.password($0, $1) }
        return options
    }

    /// Opens a tunnel and holds it, or lets go of the one that is held.
    func toggleTunnel(_ profile: Profile) {
        let name = DisplayText.sanitised(profile.name)
        // One that was given up is opened anew.
        var isGivenUp = false
        if case .failed = verbs.routes.states[profile.id] { isGivenUp = true }
        if !isGivenUp, held.release(profile.id) {
            verbs.routes.closeUnused(profile)
            mailbox.post(.notice("the tunnel of \(name) is let go of"))
            return
        }
        let cancellation = Cancellation()
        tunnelOpenings[profile.id] = cancellation
        crew.submit { [verbs, mailbox, questions, held] in
            do throws(Refusal) {
                let lease = try verbs.routes.open(profile, Self.options(questions, cancellation))
                guard held.hold(lease, for: profile.id, unless: cancellation) else { return }
                mailbox.post(.tunnelHeld(profile.id, port: lease.port))
            } catch {
                if !cancellation.isCancelled { mailbox.post(.tunnelRefused(profile.id, error.line)) }
            }
        }
    }

    func cancelTunnel(_ profile: UUID) {
        tunnelOpenings.removeValue(forKey: profile)?.cancel()
        // It may have come up in this moment.
        _ = held.release(profile)
    }

    /// It is up or was refused: nothing is left to cancel.
    func forgetTunnel(_ profile: UUID) { tunnelOpenings[profile] = nil }

    /// Has the model told of the tunnels' states, and what killed runs have left removed.
    func watchTunnels() {
        verbs.routes.onChange { [verbs, mailbox] in mailbox.post(.tunnels(verbs.routes.states)) }
        verbs.audit.sweep()
    }

    func policy(_ id: RequestID, _ profile: Profile, calls: Bool) {
        let cancellation = Cancellation()
        tests[id] = cancellation
        crew.submit { [verbs, mailbox, questions] in
            do throws(Refusal) {
                let policy = try verbs.mint.policy(
                    profile, calls: calls, now: Date(), options: Self.options(questions, cancellation),
                    origin: try verbs.book.origins()[profile.id])
                mailbox.post(.policy(id, .found(policy)))
            } catch {
                mailbox.post(.policy(id, .failed(error.line, login: error.login)))
            }
        }
    }

    /// Copies a text where that is not the terminal's own affair, and says which way it went.
    func copy(_ text: String, _ name: String) {
        hasCopied = true
        crew.submit { [clipboard, mailbox, ending] in
            do throws(Refusal) {
                let way = try clipboard.copy(
                    text, wait: Wait(deadline: .now + .seconds(5), cancellation: Cancellation()))
                mailbox.post(.copied("copied \(name) \(way)"))
            } catch {
                mailbox.post(.trouble("\(name) was not copied: \(error.line)"))
            }
            // tmux's buffer outlives its use for a minute at most.
            guard clipboard.way == .tmux else { return }
            let minute = Wait(deadline: .now + Clipboard.bufferLife, cancellation: ending)
            if minute.passes() { clipboard.forget(wait: Self.moment) }
        }
    }

    /// Mints a token and hands it to the clipboard; the model never sees it.
    func copyToken(_ profile: Profile, _ name: String) {
        crew.submit { [verbs, mailbox, questions] in
            do throws(Refusal) {
                let token = try verbs.mint.mint(profile, now: Date(), options: Self.options(questions))
                mailbox.post(.copying(token.text, name))
            } catch {
                mailbox.post(.trouble("\(name) was not copied: \(error.line)"))
            }
        }
    }

    /// The program ends: what was copied into tmux's buffer goes.
    func forgetCopied() {
        ending.cancel()
        if hasCopied { clipboard.forget(wait: Self.moment) }
    }

    private static var moment: Wait { Wait(deadline: .now + .seconds(1), cancellation: Cancellation()) }

    /// The user's answer to a question of a worker.
    func answer(_ id: RequestID, _ text: String?) { questions.answer(id, text) }

    /// Finds out whose AWS credentials would sign, without a network, for AWS profiles by name; the empty name is the
    /// default chain.
    func lookOut(for names: Set<String>) {
        guard !names.isEmpty else { return }
        outlookCrew.submit { [verbs, mailbox] in
            let now = Date()
            var found: [String: SignerOutlook] = [:]
            for name in names {
                found[name] = verbs.mint.outlook(awsProfile: name.isEmpty ? nil : name, now: now)
            }
            mailbox.post(.outlooks(found))
        }
    }

    /// Somebody has logged in: what was kept of the AWS profile is of the old session.
    func loggedIn(awsProfile: String?) {
        verbs.mint.forgetCredentials(awsProfile: awsProfile)
    }

    func parse(_ id: RequestID, _ text: String) {
        crew.submit { [mailbox] in
            do throws(Refusal) {
                let (settings, notes) = try PastedConninfo.read(text)
                mailbox.post(.parsed(id, .settings(settings, notes: notes)))
            } catch {
                mailbox.post(.parsed(id, .failed(error.line)))
            }
        }
    }

    func renew(_ session: PreparedSession) {
        crew.submit { [verbs, mailbox] in
            mailbox.post(.renewed(RunningSession.renewal(of: session, by: verbs.preparer)))
        }
    }
}
