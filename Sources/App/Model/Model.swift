#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Screen

/// Everything the screen shows and remembers. What happens comes in as ``Message``s, what is to be done goes
/// out as ``Effect``s, and ``view(_:size:theme:)`` draws it.
///
/// The model holds instants, never countdowns; its time is ``now`` and comes with each message.
package struct Model: Sendable {
    package internal(set) var now = Date(timeIntervalSince1970: 0)
    package internal(set) var size: Size
    let clock: LocalClock
    var options: ScreenOptions
    /// What is wrong with the settings, a line each.
    var complaints: [String] = []

    var list = ProfileList()
    var tokens = TokenBook()
    /// The tests of this run, those of drafts too.
    var runs: [RequestID: TestRun] = [:]
    /// The newest test of each saved profile.
    var latestRuns: [UUID: RequestID] = [:]
    /// The past tests of profiles that have been looked at.
    var histories: [UUID: LatencyHistory] = [:]
    /// The uppermost is the last.
    var layers: [Layer] = []
    /// The filter's line while it is being typed.
    var filterLine: TextField?
    /// Whether it holds a filter that was kept, in whose place what is typed next comes.
    var filterBeginsAnew = false
    var undo = UndoStack()
    var pending: [RequestID: PendingRequest] = [:]
    /// The session that is being opened.
    var launch: Launch?
    var status: StatusLine?
    /// Whose AWS credentials would sign, by the name of the AWS profile; the empty name is the default chain.
    var outlooks: [String: SignerOutlook] = [:]
    /// The commands that log in, by the name of the AWS profile, as failures have named them.
    var logins: [String: [String]] = [:]
    /// What goes on once somebody has logged in.
    var interrupted: Interrupted?
    /// The tunnels that are open or were tried, by profile.
    var tunnels: [UUID: TunnelState] = [:]
    /// The tunnel that the status line tells of, and the line, which changes with it.
    var toldTunnel: (profile: UUID, line: String)?
    /// The profiles whose tunnels a key is opening, the newest last.
    var openingTunnels: [UUID] = []
    /// The proxies of this run, by profile.
    var proxies: [UUID: ProxyState] = [:]
    /// Whose they are, also once the profile has been removed.
    var proxyOwners: [UUID: Profile] = [:]
    /// Those that are on their way, the newest last.
    var openingProxies: [UUID] = []
    /// Seconds that AWS's clock is ahead of this machine's, where it is worth a word.
    var clockSkew: Double?
    var showsDetail = true
    /// Which columns the list has where not all find room.
    var columns = ColumnChoice.automatic
    /// Tests of several profiles that are under way together.
    var batch: Batch?
    /// What AWS said of profiles when it was last asked.
    var origins: [UUID: CloudOrigin] = [:]
    /// A discovery under way.
    var discovery: RequestID?
    /// How far it is.
    var discoveryProgress = ""
    /// Profiles from outside, until nothing lies over the list any more.
    var waitingIntake: IntakeState?
    /// Texts that were asked for, likewise.
    var waitingTexts: [TextState] = []
    /// What was typed in an earlier run, until nothing lies over the list.
    var waitingDraft: ProfileDraft?
    /// SQL that runs on one profile or several.
    var statements: Statements?
    /// What was run from the palette, the newest last.
    var paletteHistory: [String] = []
    /// The first of what may become a double click.
    var lastClick: Click?
    /// Which profiles open without a question.
    var snoozed: [UUID: Snooze] = [:]
    /// Goes to this profile once the store shows it.
    var awaited: UUID?
    /// Whether the store has answered at all: before, an empty list greets nobody.
    var hasLoaded = false
    /// Whether the user waits for the list to be read again.
    var isRereading = false
    private var lastRequest = 0

    /// - Parameters:
    ///   - size: of the terminal.
    ///   - clock: turns instants into local time.
    ///   - options: what the settings say.
    package init(size: Size, clock: LocalClock = .utc, options: ScreenOptions = ScreenOptions()) {
        self.size = size
        self.clock = clock
        self.options = options
        list.arrange(by: options.grouping, options.order, ListFacts(now: now))
    }

    /// The profile under the cursor; nil on a folded group and in an empty list.
    package var selectedProfile: Profile? { list.selected?.profile }

    /// The AWS profiles that sign for the profiles of the list; the empty name is the default chain.
    package var awsProfiles: Set<String> { list.awsProfiles }

    /// Where keys go now.
    var context: Context {
        switch layers.last {
        case .help: .help
        case .code: .code
        case .confirm: .confirm
        case .form: .form
        case .test: .test
        case .text: .text
        case .palette: .palette
        case .copy: .copy
        case .connect: .connect
        case .runQuestion: .runQuestion
        case .leave: .leave
        case .siblings: .siblings
        case .themes: .themes
        case .intake: .intake
        case nil: filterLine == nil ? .list : .filter
        }
    }

    /// A new number for a piece of work.
    mutating func newRequest() -> RequestID {
        lastRequest += 1
        return RequestID(lastRequest)
    }

    mutating func say(_ text: String, _ kind: StatusLine.Kind = .plain) {
        status = StatusLine(text: text, kind: kind, shownAt: now)
    }

    /// The newest test of a profile in this run.
    func run(of id: UUID) -> TestRun? { latestRuns[id].flatMap { runs[$0] } }

    /// What the TOKEN column says of a profile.
    func tokenState(of profile: Profile) -> TokenBook.State {
        let state = tokens.state(of: profile, now: now)
        return state == .missing && needsLogin(profile) ? .login : state
    }

    /// What is known of a profile's last test: this run's, where it is newer than what is saved.
    func lastTest(_ saved: SavedProfile) -> TestSummary? {
        guard let report = run(of: saved.id)?.report, report.outcome != .cancelled else {
            return saved.lastTest
        }
        // Of the same test the store knows more: the role that an earlier one has found.
        if isKept(report, saved) { return saved.lastTest }
        var summary = report.summary
        summary.role = summary.role ?? saved.lastTest?.role
        summary.serverVersion = summary.serverVersion ?? saved.lastTest?.serverVersion
        return summary
    }
}
