#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import App
import Operations
import Profiles
import Workers

/// Proxies that live as long as the screen does.
extension EffectRunner {
    /// Opens a socket of this user alone, through which tools connect without a password.
    func openProxy(_ opening: SessionOpening) {
        let id = opening.profile.id
        let cancellation = Cancellation()
        proxyOpenings[id] = cancellation
        crew.submit { [verbs, mailbox, questions, proxies] in
            do throws(Refusal) {
                let record = ProxyRecord(
                    verbs.book, verbs.audit,
                    verbs.preparer.record(
                        of: opening.profile, program: DatabaseProxy.program, readOnly: opening.readOnly,
                        opening.choice))
                var options = Self.options(questions, cancellation)
                options.onStage = { mailbox.post(.proxy(id, .opening($0)), mayWait: true) }
                let proxy = try DatabaseProxy(
                    opening.profile, readOnly: opening.readOnly, choice: opening.choice, at: .standard,
                    preparer: verbs.preparer, options: options, later: { Self.options(questions, $0) },
                    tell: { mailbox.post(.trouble($0)) },
                    session: { record.heard($0) })
                record.opened()
                guard proxies.hold(proxy, record, for: id, unless: cancellation) else {
                    return record.closed()
                }
                mailbox.post(.proxy(id, .up(conninfo: proxy.connection)))
                for warning in proxy.warnings { mailbox.post(.trouble(warning)) }
            } catch {
                if !cancellation.isCancelled { mailbox.post(.proxy(id, .failed(error.line))) }
            }
            mailbox.post(.clockSkew(verbs.mint.clockSkew))
        }
    }

    /// What other programs do through proxies and tunnels now; looked up in this process and this machine alone.
    var use: OutsideUse {
        OutsideUse(clients: proxies.sessions, connections: verbs.routes.outsideConnections)
    }

    /// It is not to be opened.
    func cancelProxy(_ id: UUID) {
        guard let opening = forgetProxyOpening(id) else { return }
        opening.cancel()
        // It may have come up in this moment.
        crew.submit { [proxies] in proxies.stop(id, from: opening) }
    }

    /// It is up, or nothing came of it: nothing is left to cancel.
    @discardableResult
    func forgetProxyOpening(_ id: UUID) -> Cancellation? { proxyOpenings.removeValue(forKey: id) }

    func stopProxy(_ profile: Profile) {
        crew.submit { [mailbox, proxies] in
            mailbox.post(.proxy(profile.id, .ended(sessions: proxies.stop(profile.id) ?? 0)))
        }
    }
}
