import App
import Operations
import Profiles
import Screen
import Secrets

/// What workers post to the loop.
enum LoopEvent: Sendable {
    /// Straight on to the model.
    case message(Message)
    /// psql is ready to start, or cannot be.
    case prepared(RequestID, Result<PreparedSession, Refusal>)
    /// A secret for the clipboard, and what it is called.
    case copying(Secret, String)
    /// An editor is ready to start, or cannot be.
    case editorReady(RequestID, Result<ProfileEditor, Refusal>)
    /// The settings were read anew, or why they cannot be.
    case settings(Result<ScreenSettings.Reading, ScreenSettings.Complaint>)
    /// A theme by its name; nil where it stays as it is.
    case theme(Theme)
    /// Another program has written into the store; what it holds now is on its way.
    case storeChanged
    /// The running session's token was renewed, or why not; that is tried again later.
    case renewed(Result<TokenClock?, Refusal>)
}
