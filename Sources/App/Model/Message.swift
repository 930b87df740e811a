#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Profiles
import Screen

/// Everything that can happen to the model.
package enum Message: Sendable {
    case key(Key)
    case resized(Size)
    /// Only time has passed.
    case tick
    /// The first profiles of a list whose rest is still being read.
    case firstPage(FirstPage)
    /// All live profiles: the answer to ``Effect/reload``, or another program changed the store.
    case profiles([SavedProfile])
    /// The store cannot be read; one line with what to do.
    case storeFailed(String)
    case written(RequestID, WriteOutcome)
    case stageBegan(RequestID, Stage)
    case stageEnded(RequestID, StageResult)
    case tested(RequestID, TestReport)
    /// What was kept of a test; nil where nothing was, with a line where the store cannot be read.
    case recalledTest(RequestID, TestReport?, String?)
    case minted(RequestID, MintOutcome)
    case parsed(RequestID, ParseOutcome)
    /// SQL is done on one of its profiles.
    case ran(RequestID, failed: Bool)
    /// It is done on all of them; what came back, cut where it is too long for a screen.
    case ranAll(RequestID, String)
    /// What a profile was last opened with.
    case recalled(RequestID, SessionChoice)
    /// How far the opening of a session is.
    case sessionStage(RequestID, SessionStage)
    /// It could begin, and waits for ``Model/yields(to:)``.
    case sessionReady(RequestID)
    /// psql has the terminal.
    case sessionBegan(RequestID)
    case sessionEnded(RequestID, SessionEnd)
    /// It goes on in a window or a pane of its own, or why it does not.
    case sessionElsewhere(RequestID, SessionChoice.Place, failure: String?)
    /// Whose AWS credentials would sign, by the name of the AWS profile; the empty name is the default chain.
    case outlooks([String: SignerOutlook])
    /// Seconds that AWS's clock is ahead of this machine's; nil where that is not worth a word.
    case clockSkew(Double?)
    /// AWS wants the code of an MFA device; answered by ``Effect/answer(_:_:)``.
    case codeAsked(RequestID, device: String)
    /// A tunnel's program asks something; answered by ``Effect/answer(_:_:)``.
    case tunnelAsked(RequestID, TunnelQuestion)
    /// A server wants a password; answered by ``Effect/answer(_:_:)``.
    case passwordAsked(RequestID, PasswordQuestion)
    /// The tunnels that are open or were tried, by profile.
    case tunnels([UUID: TunnelState])
    /// A profile's tunnel is kept up from now on.
    case tunnelHeld(UUID, port: Int)
    /// It is not; one line says why.
    case tunnelRefused(UUID, String)
    /// A profile's proxy is up, or is not.
    case proxy(UUID, ProxyState)
    /// Nobody waits for the code any more.
    case codeNotAsked(RequestID)
    case loginEnded(RequestID, SessionEnd)
    case policy(RequestID, PolicyOutcome)
    case answered(RequestID, Answer)
    /// What a command's argument may be.
    case completions(Completion, [String])
    /// How far a discovery is.
    case progress(RequestID, String)
    /// What AWS said of profiles when it was last asked, by their ids.
    case origins([UUID: CloudOrigin])
    case edited(RequestID, EditOutcome)
    /// The past tests of a profile.
    case history(UUID, LatencyHistory)
    /// The bundle of root certificates was downloaded, or not; one line.
    case bundleFetched(RequestID, done: Bool, String)
    /// The settings were read anew.
    case options(ScreenOptions)
    /// What is wrong with the settings, a line each; none takes back what was told before.
    case complaints([String])
    /// What stood in a form when an earlier run was ended from outside.
    case draft(ProfileDraft)
    /// What was copied, and which way it went.
    case copied(String)
    /// One line for the status row.
    case notice(String)
    /// One line for the status row that the user must act on.
    case trouble(String)
    /// What others do through this program: the answer to ``Effect/countUse``.
    case used(OutsideUse)
}

package enum WriteOutcome: Sendable, Hashable {
    case done
    /// Nothing was written. The field is named where one is at fault, such as a name that is taken.
    case failed(String, field: ProfileField?)
    /// Nothing was written: somebody else has changed the same meanwhile; what and to what.
    case clash(String)
}

package enum MintOutcome: Sendable, Hashable {
    case minted(TokenClock)
    /// `needsLogin` where AWS credentials have to be renewed; `login` is the command that does, where there is one.
    case failed(String, needsLogin: Bool, login: [String]?)
}

package enum PolicyOutcome: Sendable, Hashable {
    case found(IAMPolicy)
    /// `login` is the command that would help, where there is one.
    case failed(String, login: [String]?)
}

package enum ParseOutcome: Sendable, Hashable {
    /// libpq's keywords and values, as ``Profile/apply(settings:)`` takes them, secrets already removed; and what was left
    /// out before.
    case settings([String: String], notes: [String] = [])
    case failed(String)
}

/// How a psql session ended.
package struct SessionEnd: Sendable, Hashable {
    package enum Ending: Sendable, Hashable {
        case exited(Int32)
        case killed(signal: Int32)
        /// psql never started; one line says why and what to do.
        case notStarted(String)
    }

    package var ending: Ending
    package var seconds: Double
    /// The token that was used, where there was one.
    package var token: TokenClock?
    /// The command that would help where it never started, or its token was not renewed, for want of AWS credentials.
    package var login: [String]?
    /// Why the token was not renewed any more; nil where it was.
    package var trouble: String?
    /// Whether that takes a login, or the code of an MFA device.
    package var needsUser = false
    /// Whether psql had been connected; nil where that is not known.
    package var hadConnected: Bool?
    /// Whether psql had lost its connection before its user left it.
    package var hadLost = false
    /// Whether its tunnel was not there any more.
    package var lacksTunnel = false
    /// The user wants the same session once more.
    package var again = false

    /// psql ends with 2 where it has no connection: none came about, or it was lost in the middle of a script
    /// (PostgreSQL documentation, "psql", "Exit Status"). With 0 where it was lost and the user leaves.
    package var lacksConnection: Bool { ending == .exited(2) || (ending == .exited(0) && hadLost) }

    /// Whether the same session once more is worth asking for.
    package var offersAgain: Bool { lacksConnection || lacksTunnel || needsUser }

    /// What that says of the connection; nil where it says nothing.
    package var loss: String? {
        guard lacksConnection else { return nil }
        return switch hadConnected {
        case true: "connection lost"
        case false: "did not connect"
        default: "no connection"
        }
    }

    package init(
        ending: Ending, seconds: Double, token: TokenClock? = nil, login: [String]? = nil,
        hadConnected: Bool? = nil, hadLost: Bool = false
    ) {
        self.hadConnected = hadConnected
        self.hadLost = hadLost
        self.ending = ending
        self.seconds = seconds
        self.token = token
        self.login = login
    }
}

/// The answer to a ``Question``.
package enum Answer: Sendable, Hashable {
    /// A text to be shown; `name` is what a sentence calls it.
    case text(title: String, name: String, String)
    case done(String)
    /// The same, where profiles were changed: what is to be undone.
    case changed(String, ProfileBatch)
    case failed(String)
    /// Profiles that come from outside, to be looked through.
    case intake(Intake)
}

/// What came back from the editor.
package enum EditOutcome: Sendable, Hashable {
    case unchanged
    case profile(Profile, unknown: [String])
    /// The text with its complaints, and the first of them.
    case broken(String, complaint: String)
    /// The editor could not be run, or its file not be read.
    case failed(String)
}
