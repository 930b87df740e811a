#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import Operations
import Profiles

/// `pgfob add`: a new profile from options, or from what was pasted.
struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Save a new profile.",
        discussion: "From options, or from a URI, a psql command line or an endpoint in quotes.")

    @Option(help: "Its name; made from the host where absent.") var name: String?
    @OptionGroup(title: "Fields") var fields: FieldOptions
    @Argument(help: "A URI, 'psql \"...\"' or an endpoint.") var pasted: String?
    @OptionGroup var globals: GlobalOptions

    func run() throws {
        var profile = Profile()
        var notes: [String] = []
        if let pasted { notes = try take(pasted, &profile) }
        notes += try fields.apply(to: &profile)
        // An empty one is none, as everywhere.
        let name = name.flatMap { $0.trimmingBlanks().isEmpty ? nil : $0 }
        if name != nil || !profile.host.isEmpty {
            do throws(FieldProblem) {
                try profile.set(.name, to: name ?? profile.suggestedName)
            } catch {
                throw Refusal(.usage, "--name \(error.message)", do: "correct it and try again")
            }
        }
        guard !profile.name.isEmpty else {
            throw Refusal(
                .usage, "nothing says what to connect to",
                do: "give --host with --user, or paste a URI, a psql command or an endpoint in quotes")
        }
        let session = try Session.open()
        profile = profile.placed(in: FileManager.default.currentDirectoryPath)
        if pasted != nil, fields.env == nil { notes += try settleEnvironment(of: &profile, session) }
        try ExposureQuestion.ask(profile)
        do { try session.book.add(profile) } catch {
            guard error.field == .name, name == nil else { throw error }
            throw Refusal(error.kind, error.what, do: "give this one another by --name", field: .name)
        }
        for note in notes + session.remarks(on: profile) { Output.warn(note) }
        Output.print("added \(profile.name)")
    }

    /// Gives what was pasted the environment of which its endpoint tells, as the form does: production is to be asked about.
    private func settleEnvironment(of profile: inout Profile, _ session: Session) throws(Refusal) -> [String]
    {
        let others = try session.book.live().map(\.profile)
        guard let clue = session.inForce.values.policies.clue(of: profile, among: others) else { return [] }
        let words = "env is \(DialAddress.shown(clue.words))"
        if clue.source == .rule { return [words] }
        profile.environment = clue.environment
        return ["\(words); --env says otherwise"]
    }

    private func take(_ text: String, _ profile: inout Profile) throws(Refusal) -> [String] {
        func refusing(_ step: () throws(FieldProblem) -> Void) throws(Refusal) {
            do throws(FieldProblem) { try step() } catch {
                throw Refusal(
                    .usage, "\(error.field.rawValue) \(error.message)", do: "correct what was pasted")
            }
        }
        switch PastedText.read(text) {
        case .conninfo(let conninfo):
            var (settings, leftOut) = try PastedConninfo.read(conninfo)
            let notes = WrittenHost.settle(&settings) + PastedText.remarks(on: text) + leftOut
            try refusing { () throws(FieldProblem) in try profile.judge(placeIn: settings) }
            let taken = notes + profile.apply(settings: settings)
            if let signer = PastedText.signer(of: text) {
                try refusing { () throws(FieldProblem) in try profile.apply(signer: signer) }
                return taken
            }
            return fields.auth == nil ? taken + profile.remarks(onLoginOf: settings) : taken
        case .token(let fields):
            try refusing { () throws(FieldProblem) in try profile.apply(token: fields) }
            return []
        case .endpoint(let host, let port):
            profile.host = host
            profile.port = port ?? Profile.defaultPort
            return []
        case .unrecognised:
            let (what, remedy) = PastedText.refusal(of: text)
            throw Refusal(
                .usage, "\"\(DialAddress.shown(text))\" \(what)",
                do: remedy ?? "paste one in quotes, or use --host")
        }
    }
}
