#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import Operations

/// `pgfob token`: the token alone, for a profile or for what the options name.
struct Token: CheckedCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Print a token.",
        discussion:
            "Signed on this machine: AWS is asked only for the credentials of a role or a session. A terminal needs --show."
    )

    @Argument(help: "A profile's name.", completion: Completion.profiles) var name: String?
    @Option(help: "The endpoint, without a profile.") var host: String?
    @Option(parsing: .unconditional, help: "Its port (5432).") var port: Int?
    @Option(help: "The database user.") var user: String?
    @Option(help: "The database's region, where the host does not tell.") var region: String?
    @Option(help: "Whose AWS credentials sign.", completion: Completion.awsProfiles) var awsProfile: String?
    @Option(help: ArgumentHelp("Sign as of this time.", valueName: "YYYYMMDDTHHMMSSZ")) var at: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Its life; at most 900, DSQL 604800.", valueName: "seconds"))
    var expires: Int?
    @Flag(help: "Print it even on a terminal.") var show = false
    @OptionGroup var globals: GlobalOptions

    func check() throws {
        guard (name == nil) != (host == nil) else {
            throw ValidationError(
                name == nil
                    ? "Name a profile, or give --host" : "A profile's name and --host exclude one another")
        }
        if name != nil, port != nil || user != nil || region != nil || awsProfile != nil {
            throw ValidationError("--port, --user, --region and --aws-profile go with --host")
        }
    }

    func run() throws {
        let session = try Session.open()
        let request = AdHocToken(
            host: host, port: port, user: user, region: region, awsProfile: awsProfile, expires: expires,
            at: at)
        let profile = try name.map { try session.book.named($0).profile }
        // Whether there is a token at all comes before who may see it.
        if profile?.auth ?? .iam == .iam { try Secrecy.check(show: show, "the token") }
        // What is signed ad hoc is what the options say: no mistake in the settings is a reason to refuse it.
        let mint = TokenMint(profile == nil ? session.plainSurroundings : try session.surroundings())
        let (token, warnings) = try mint.sign(
            request, for: profile, now: Date(), options: session.signerOptions())
        for warning in warnings { Output.warn(warning) }
        Output.reveal(token.reveal())
    }
}
