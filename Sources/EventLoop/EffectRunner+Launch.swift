#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import App
import Operations
import Profiles
import Screen
import Workers

/// A session that is being opened.
struct LaunchUnderWay {
    let opening: SessionOpening
    let cancellation: Cancellation
}

/// Sessions on their way to the terminal, or to a window of their own.
extension EffectRunner {
    func prepare(_ id: RequestID, _ opening: SessionOpening) {
        let cancellation = Cancellation()
        launches[id] = LaunchUnderWay(opening: opening, cancellation: cancellation)
        crew.submit { [verbs, mailbox, questions] in
            var options = Self.options(questions, cancellation)
            // Most are through before anybody could read it.
            options.onStage = { mailbox.post(.sessionStage(id, $0), mayWait: true) }
            do throws(Refusal) {
                let session = try verbs.preparer.prepare(
                    opening.profile, readOnly: opening.readOnly, choice: opening.choice,
                    keepsHistory: opening.purpose != .typed, now: Date(), options: options)
                mailbox.post(.prepared(id, .success(session)))
            } catch {
                mailbox.post(.prepared(id, .failure(error)))
            }
            mailbox.post(.clockSkew(verbs.mint.clockSkew))
        }
    }

    /// Opens a session in a window of tmux; the model hears of it at once, and of its end never.
    func openWindow(
        _ id: RequestID, _ opening: SessionOpening, _ surroundings: Surroundings, size: Size
    ) {
        let cancellation = Cancellation()
        launches[id] = LaunchUnderWay(opening: opening, cancellation: cancellation)
        crew.submit { [verbs, mailbox] in
            do throws(Refusal) {
                let place = try SessionWindow.open(
                    opening.profile, readOnly: opening.readOnly, choice: opening.choice, surroundings,
                    credentials: verbs.mint.handOver(awsProfile: opening.profile.awsProfile, now: Date()),
                    size: (size.columns, size.rows),
                    Wait(deadline: .now + .seconds(10), cancellation: cancellation))
                mailbox.post(.sessionElsewhere(id, place, failure: nil))
            } catch {
                mailbox.post(.sessionElsewhere(id, opening.choice.place, failure: error.line))
            }
        }
    }

    /// Stops what is done for it: what still comes of it finds nobody.
    func cancelLaunch(_ id: RequestID) { forgetLaunch(id)?.cancellation.cancel() }

    /// It is done, in whatever way.
    ///
    /// - Returns: nil where it was cancelled meanwhile.
    @discardableResult
    func forgetLaunch(_ id: RequestID) -> LaunchUnderWay? { launches.removeValue(forKey: id) }
}
