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
        try fields.apply(to: &profile)
        if name != nil || !profile.host.isEmpty {
            do throws(FieldProblem) {
                try profile.set(.name, to: name ?? profile.suggestedName)
            } catch {
                throw Refusal(.usage, "--name \(error.message)", do: "correct it and try again")
            }
        }
        let session = try Session.open()
        profile = profile.placed(in: FileManager.default.currentDirectoryPath)
        try session.book.add(profile)
        if let lacking = profile.lacking { notes.append("\(lacking.field.rawValue) \(lacking.message)") }
        if let complaint = session.complaint(ofTunnelIn: profile) { notes.append(complaint) }
        for note in notes { Output.warn(note) }
        Output.print("added \(profile.name)")
    }

    private func take(_ text: String, _ profile: inout Profile) throws(Refusal) -> [String] {
        switch PastedText.read(text) {
        case .conninfo(let conninfo):
            return profile.apply(settings: try PastedConninfo.settings(of: conninfo))
        case .endpoint(let host, let port):
            profile.host = host
            profile.port = port ?? Profile.defaultPort
            return []
        case .unrecognised:
            throw Refusal(
                .usage, "\"\(DialAddress.shown(text))\" is no URI, psql command or endpoint",
                do: "paste one in quotes, or use --host")
        }
    }
}
