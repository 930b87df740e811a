#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import App
import Operations

/// Who has the terminal.
enum Holder {
    case screen
    case session(RequestID, RunningSession)
    case login(RequestID, RunningLogin)
    case editor(RequestID, ForegroundChild, ProfileEditor)
    /// A child has ended badly and its last words stay until Enter; then the model hears of it.
    case farewell(Message)

    /// The program that has it.
    var child: ForegroundChild? {
        switch self {
        case .session(_, let session): session.child
        case .login(_, let login): login.child
        case .editor(_, let child, _): child
        case .screen, .farewell: nil
        }
    }
}

/// A login to AWS under way.
struct RunningLogin {
    let child: ForegroundChild
    let began: Beginning
    let awsProfile: String?
}
