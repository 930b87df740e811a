#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import App
import Operations
import Profiles
import Workers

/// What is found out for the screen, and what is done with files.
extension EffectRunner {
    func ask(_ id: RequestID, _ question: Question) {
        crew.submit { [verbs, mailbox, questions] in
            let answer: Answer
            do throws(Refusal) {
                answer = try Self.answer(question, verbs, Self.options(questions))
            } catch {
                answer = .failed(error.screenLine)
            }
            mailbox.post(.answered(id, answer))
            switch question {
            case .restore, .catalogue: Self.post(verbs, mailbox)
            default: break
            }
        }
    }

    /// Finds out what a command's argument may be; where that cannot be, nothing is offered.
    func complete(_ completion: Completion) {
        crew.submit { [verbs, mailbox] in
            let words: [String] =
                switch completion {
                case .trash: (try? verbs.book.trashed().map(\.profile.name)) ?? []
                case .folder(let path): FolderNames.list(path, verbs.home)
                }
            mailbox.post(.completions(completion, words))
        }
    }

    /// Reads the past tests of a profile.
    func readHistory(of id: UUID) {
        storeCrew.submit { [verbs, mailbox] in
            do throws(Refusal) {
                let entries = try verbs.book.history(of: [id], kinds: [.test], limit: LatencyHistory.kept)
                mailbox.post(.history(id, LatencyHistory(entries)))
            } catch {
                ProgramLog.note("history not read: \(error.line)")
            }
        }
    }

    /// Downloads the bundle that a profile's server is checked against.
    func fetchBundle(_ id: RequestID, _ profile: Profile) {
        crew.submit { [verbs, mailbox] in
            let source = verbs.fetcher.source(for: profile)
            do throws(Refusal) {
                let fetched = try verbs.fetcher.fetch(
                    source, now: Date(),
                    wait: Wait(deadline: .now + .seconds(60), cancellation: Cancellation()))
                mailbox.post(
                    .bundleFetched(id, done: true, "fetched \(fetched.roots) roots: \(fetched.path)"))
            } catch {
                mailbox.post(.bundleFetched(id, done: false, error.line))
            }
        }
    }

    /// Writes a profile for the editor.
    func openEditor(
        _ id: RequestID, _ profile: Profile, _ text: ProfileText, _ surroundings: Surroundings
    ) {
        crew.submit { [mailbox] in
            do throws(Refusal) {
                let (broken, unknown): (String?, [String]) =
                    switch text {
                    case .written(let unknown): (nil, unknown)
                    case .broken(let text): (text, [])
                    }
                let editor = try ProfileEditor(
                    profile, text: broken, unknown: unknown, folder: surroundings.stateFolder,
                    environment: surroundings.environment)
                mailbox.post(.editorReady(id, .success(editor)))
            } catch {
                mailbox.post(.editorReady(id, .failure(error)))
            }
        }
    }

    /// Reads what the editor left.
    func readEdited(_ id: RequestID, _ editor: ProfileEditor) {
        crew.submit { [mailbox] in
            do throws(Refusal) {
                switch try editor.outcome() {
                case .unchanged: mailbox.post(.edited(id, .unchanged))
                case .profile(let profile, let unknown):
                    mailbox.post(.edited(id, .profile(profile, unknown: unknown)))
                case .broken(let text, let complaint):
                    mailbox.post(.edited(id, .broken(text, complaint: complaint)))
                }
            } catch {
                mailbox.post(.edited(id, .failed(error.line)))
            }
        }
    }

    /// What the last run had to leave, once the list is there.
    func findDraft(_ file: DraftFile) {
        storeCrew.submit { [mailbox] in
            guard let draft = file.take() else { return }
            mailbox.post(.draft(draft))
        }
    }

    /// Reads the settings anew.
    func readSettings(_ settings: ScreenSettings) {
        storeCrew.submit { [mailbox] in mailbox.post(.settings(settings.read())) }
    }

    /// Reads a theme, and where told to, writes its name into the settings.
    func wear(_ name: String, keeps: Bool, _ settings: ScreenSettings) {
        storeCrew.submit { [mailbox] in
            switch settings.theme(name) {
            case .success(let theme): mailbox.post(.theme(theme))
            case .failure(let complaint): mailbox.post(.trouble(complaint.line))
            }
            guard keeps else { return }
            switch settings.keepTheme(name) {
            case .success(let place): mailbox.post(.notice("theme \(name), written to \(place)"))
            case .failure(let complaint): mailbox.post(.trouble(complaint.line))
            }
        }
    }

    private static func answer(
        _ question: Question, _ verbs: Verbs, _ options: SignerOptions
    ) throws(Refusal) -> Answer {
        switch question {
        case .whoami(let awsProfile):
            let identity = verbs.mint.identity(
                awsProfile: awsProfile, calls: true, now: Date(), options: options)
            return .text(
                title: "Who signs", name: "who signs",
                identity.lines(awsProfile: awsProfile).joined(separator: "\n"))
        case .doctor:
            // The terminal needs no check: this is shown in it.
            let lines = verbs.doctor.checks(now: Date()).map(\.line)
            return .text(title: "Doctor", name: "the doctor's report", lines.joined(separator: "\n"))
        case .trash:
            let lines = try verbs.book.trashed().map { "\($0.profile.name)   \($0.profile.host)" }
            guard !lines.isEmpty else { return .done("nothing is in the trash") }
            return .text(
                title: "Trash: `restore NAME` brings one back", name: "the trash",
                lines.joined(separator: "\n"))
        case .bundles:
            let status = verbs.bundle.status(for: try verbs.book.live().map(\.profile), now: Date())
            return .text(
                title: "Root certificates", name: "the root certificates in force",
                status.flatMap { $0.lines + [""] }.dropLast().joined(separator: "\n"))
        case .history(let name):
            let listing = try verbs.book.listing(of: name, limit: 200)
            guard !listing.entries.isEmpty else {
                return .done("\(name ?? "pgfob"): nothing in the history yet")
            }
            let lines = listing.lines { SystemClock.offset(at: $0) }
            return .text(
                title: "History\(name.map { ": \($0)" } ?? "") (local time)", name: "the history",
                ((listing.summary.map { [$0, ""] } ?? []) + lines).joined(separator: "\n"))
        case .restore(let name):
            return .done("brought back \(try verbs.book.restore(name))")
        case .importFile(let path):
            return .intake(try verbs.importer.read(path, format: nil))
        case .exportFile(let path, let profiles):
            try TextFile.write(
                verbs.exporter.text(of: profiles, format: nil, path: path), to: path, verbs.home)
            return .done("wrote \(profiles.count) profile\(profiles.count == 1 ? "" : "s") to \(path)")
        case .catalogue(let question): return try answer(question, verbs, options)
        }
    }
}
