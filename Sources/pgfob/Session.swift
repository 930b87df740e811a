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
        let session = Session(
            places: places, environment: environment, verbose: arguments.verbose, handedOver: credentials)
        current.withLock { $0 = session }
    }

    /// Whether details are wanted.
    static var isVerbose: Bool { current.withLock { $0?.verbose ?? false } }

    /// What ``begin(_:)`` has put together.
    ///
    /// - Throws: ``Refusal`` of kind `usage` where no home folder is known, or a settings file was named that is not there.
    static func open() throws(Refusal) -> Session {
        guard let session = current.withLock({ $0 }) else { throw HomeFolder.missing }
        if let missing = session.missingConfig { throw missing }
        return session
    }

    /// What there is to say where the user has named a file of settings that is not there: rules for production must not
    /// vanish with a typing error.
    var missingConfig: Refusal? {
        guard let way = places.configNamedBy, !FileManager.default.fileExists(atPath: places.config) else {
            return nil
        }
        return Refusal(.usage, "\(way) names \(places.config), which is not there", do: "correct the path")
    }

    private static let told = Mutex<Set<String>>([])

    /// The settings of config.toml, read now. What is wrong with a key that the screen alone uses is told, once.
    ///
    /// - Throws: ``Refusal`` of kind `usage` that names file, line and key.
    func settings() throws(Refusal) -> Settings {
        do throws(TOMLProblem) {
            let settings = try Settings.load(path: places.config)
            for mistake in settings.mistakes where Self.told.withLock({ $0.insert(mistake.line).inserted }) {
                Output.warn(mistake.line)
            }
            return settings
        } catch {
            throw Refusal(.usage, error.what, do: error.remedy)
        }
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
        if let lacking = profile.lacking {
            lines.insert("\(lacking.field.rawValue) \(lacking.message)", at: 0)
        }
        if profile.tunnel != old?.tunnel, let line = complaint(ofTunnelIn: profile) { lines.append(line) }
        return lines
    }

    /// A line on a tunnel's name that the settings do not have; nil too where they cannot be read.
    func complaint(ofTunnelIn profile: Profile) -> String? {
        guard profile.tunnel != nil, let settings = try? Settings.read(path: places.config) else {
            return nil
        }
        return profile.unknownTunnel(among: settings.tunnels.keys.sorted()).map {
            "\($0.field.rawValue) \($0.message)"
        }
    }

    var book: ProfileBook { ProfileBook(path: places.store, isNamed: places.storeIsNamed) }

    /// The same without the settings, for verbs that start no program.
    var plainSurroundings: Surroundings {
        var surroundings = Surroundings(
            environment: environment, storePath: places.store, caFolder: places.certificates,
            stateFolder: places.state,
            // Read only where the clock turns out to be off, for verbs that have no other use for the settings.
            correctsClock: { [path = places.config] in (try? Settings.read(path: path))?.correctsClock ?? true
            })
        surroundings.program = Self.program
        surroundings.storeIsNamed = places.storeIsNamed
        surroundings.ownFile = OwnProgram.path
        surroundings.handedOver = handedOver
        // One in its usual place need not be there.
        surroundings.configPath = places.configNamedBy == nil ? nil : places.config
        surroundings.namedTunnel = { [path = places.config] in (try? Settings.read(path: path))?.tunnels[$0] }
        return surroundings
    }

    /// Where this program lies, for others that call it without a PATH.
    private static let program =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "pgfob"

    /// What the verbs need to know; psql is the settings' word.
    func surroundings() throws(Refusal) -> Surroundings {
        let surroundings = plainSurroundings
        let settings = try settings()
        surroundings.settings.take(settings.forVerbs)
        return surroundings
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
