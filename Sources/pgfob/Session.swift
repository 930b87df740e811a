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
import EventLoop
import Operations
import Profiles
import Settings
import Synchronization
import TOML

/// What the subcommands stand on: the places, the settings and the verbs, put together once.
struct Session: Sendable {
    let places: Places
    let environment: [String: String]
    let verbose: Bool
    let handedOver: HandedCredentials?
    let file: SettingsFile
    /// What the settings say to the verbs: the same for all that this process puts together.
    let inForce: SettingsInForce

    private static let current = Mutex<Session?>(nil)

    /// - Parameters:
    ///   - environment: what another pgfob has handed over; the process's own where nil.
    ///   - credentials: those that it has handed over.
    static func begin(
        _ arguments: GlobalArguments, environment: [String: String]? = nil,
        credentials: HandedCredentials? = nil
    ) {
        var environment = environment ?? ProcessInfo.processInfo.environment
        // Whatever needs one is refused when it opens the session; `--version` does not.
        guard HomeFolder.settle(&environment) else { return }
        // libpq reads the process's own; no other thread runs yet.
        for (name, value) in OwnLibpqFiles.toRestore(environment) {
            environment[name] = value
            if let value { setenv(name, value, 1) } else { unsetenv(name) }
        }
        let places = Places(
            environment: environment, store: arguments.store, config: arguments.config,
            workingFolder: FileManager.default.currentDirectoryPath)
        let file = SettingsFile(places)
        let session = Session(
            places: places, environment: environment, verbose: arguments.verbose, handedOver: credentials,
            file: file, inForce: SettingsInForce { file.orGuarded.forVerbs })
        current.withLock { $0 = session }
    }

    /// Whether details are wanted.
    static var isVerbose: Bool { current.withLock { $0?.verbose ?? false } }

    /// What ``begin(_:)`` has put together.
    ///
    /// - Throws: ``Refusal`` of kind `usage` where no home folder is known, or a settings file was named that is not there.
    static func open() throws(Refusal) -> Session {
        guard let session = current.withLock({ $0 }) else { throw HomeFolder.missing }
        if let missing = session.file.missing { throw Refusal(missing) }
        return session
    }

    private static let told = Mutex<Set<String>>([])

    /// Sees that the settings are fit to go by. What is wrong with a key that the screen alone uses is told, once.
    ///
    /// - Throws: ``Refusal`` of kind `usage` that names file, line and key.
    private func checkSettings() throws(Refusal) {
        do throws(TOMLProblem) {
            let settings = try file.settings()
            if let refusal = settings.refusal { throw refusal }
            Self.tell(settings.mistakes.map(\.line))
        } catch {
            throw Refusal(error)
        }
    }

    /// Brings the settings into force as they are now. What is wrong with them is told, each once; where a subcommand would be
    /// refused for it, they stay as they were.
    ///
    /// A subcommand that stays does so whenever one of ``SettingsFile/folders`` changes, as the screen does.
    func takeSettingsAgain() {
        do throws(TOMLProblem) {
            let settings = try file.readAgain()
            if let refusal = settings.refusal { throw refusal }
            inForce.take(settings.forVerbs)
            Self.tell(settings.mistakes.map(\.line))
        } catch {
            Self.tell(["\(error.what): \(error.remedy); until then the settings stay as they were"])
        }
    }

    /// What is wrong with the settings now, as far as it has not been told.
    private static func tell(_ lines: [String]) {
        let new = told.withLock { told in
            defer { told = Set(lines) }
            return lines.filter { !told.contains($0) }
        }
        for line in new { Output.warn(line) }
    }

    /// What is to be said of a profile that is saved all the same, a line each.
    ///
    /// - Parameter old: what was saved before; what held of that has been told.
    func remarks(on profile: Profile, from old: Profile? = nil) -> [String] {
        let known = old?.problems() ?? []
        var notes = profile.problems().filter {
            $0.severity == .note && $0 != profile.lacking && !known.contains($0)
        }
        notes += TokenMint(plainSurroundings).absences(of: profile, from: old)
        var lines = notes.map { "\($0.field.rawValue): \($0.message)" }
        if let region = profile.region, region != old?.region, let meant = region.meant {
            lines.append("region: \(region) is none that pgfob knows: did you mean \(meant)?")
        }
        if let lacking = profile.lacking {
            lines.insert("\(lacking.field.rawValue) \(lacking.message)", at: 0)
        }
        if profile.tunnel != old?.tunnel, let line = complaint(ofTunnelIn: profile) { lines.append(line) }
        return lines
    }

    /// A line on a tunnel's name that the settings do not have; nil too where they cannot be read.
    private func complaint(ofTunnelIn profile: Profile) -> String? {
        guard profile.tunnel != nil, let settings = try? file.settings() else { return nil }
        return profile.unknownTunnel(among: settings.tunnels.keys.sorted()).map {
            "\($0.field.rawValue) \($0.message)"
        }
    }

    var book: ProfileBook { ProfileBook(path: places.store, isNamed: places.storeIsNamed) }

    /// What the verbs need to know, for those that do their work whatever is wrong with the settings; they are read only
    /// where a verb wants to know something of them.
    var plainSurroundings: Surroundings {
        var surroundings = Surroundings(
            environment: environment, storePath: places.store, caFolder: places.certificates,
            stateFolder: places.state, settings: inForce)
        surroundings.program = OwnProgram.path ?? "pgfob"
        surroundings.storeIsNamed = places.storeIsNamed
        surroundings.ownFile = OwnProgram.path
        surroundings.handedOver = handedOver
        // One in its usual place need not be there.
        surroundings.configPath = places.configNamedBy == nil ? nil : places.config
        return surroundings
    }

    /// The same for all others.
    ///
    /// - Throws: ``Refusal`` of kind `usage` where the settings are not fit to go by.
    func surroundings() throws(Refusal) -> Surroundings {
        try checkSettings()
        return plainSurroundings
    }

    /// Who answers questions: the user at the terminal, even where the program's own input and output are pipes,
    /// as they are for a `credential_process`. Nobody where there is no terminal.
    func signerOptions(timeout: Duration = .seconds(30)) -> SignerOptions {
        guard Prompt.hasTerminal else { return SignerOptions(timeout: timeout) }
        var options = SignerOptions(timeout: timeout) { Prompt.code($0) }
        options.askTunnel = { Prompt.answer($0, ending: $1.descriptor) }
        options.askPassword = { Prompt.password($0, ending: $1.descriptor) }
        return options
    }

    /// Who answers a batch's questions, likewise. It hears ^C at any time: at a question too.
    ///
    /// - Parameter line: gives way to them.
    func asking(_ line: WaitingLine) -> Asking {
        guard Prompt.hasTerminal else { return Asking() }
        return Asking(
            code: { device, asking in
                line.question { Prompt.code(device, ending: asking.descriptor, .isHeard) }
            },
            tunnel: { question, asking in
                line.question { Prompt.answer(question, ending: asking.descriptor, .isHeard) }
            },
            password: { question, asking in
                line.question { Prompt.password(question, ending: asking.descriptor, .isHeard) }
            })
    }

    /// The verbs that a subcommand may need; none of them does anything before it is called.
    func verbs() throws(Refusal) -> Verbs { Verbs(try surroundings()) }
}

extension Refusal {
    /// What is wrong with the settings.
    init(_ problem: TOMLProblem) { self.init(.usage, problem.what, do: problem.remedy) }
}

extension Settings {
    /// What they say to the verbs.
    var forVerbs: SettingsInForce.Values {
        var values = SettingsInForce.Values()
        values.psql = psql
        values.policies = environments
        values.tokenSeconds = tokenSeconds
        values.promptShowsTimeLeft = promptShowsTimeLeft
        values.correctsClock = correctsClock
        values.tunnels = tunnels
        return values
    }
}
