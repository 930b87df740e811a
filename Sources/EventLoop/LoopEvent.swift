import App
import Operations
import Profiles

/// What workers post to the loop.
enum LoopEvent: Sendable {
    /// Straight on to the model.
    case message(Message)
    /// psql is ready to start, or cannot be.
    case prepared(RequestID, Result<PreparedSession, Refusal>)
    /// The running session's token was renewed; nil where that failed and is tried again later.
    case renewed(TokenClock?)
}
