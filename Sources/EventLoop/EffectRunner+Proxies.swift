import App
import Operations
import Profiles

/// Proxies that live as long as the screen does.
extension EffectRunner {
    /// Opens a socket of this user alone, through which tools connect without a password.
    func openProxy(_ opening: SessionOpening) {
        let id = opening.profile.id
        crew.submit { [verbs, mailbox, questions, proxies] in
            do throws(Refusal) {
                let record = ProxyRecord(
                    verbs.book, verbs.audit,
                    verbs.preparer.record(
                        of: opening.profile, program: DatabaseProxy.program, readOnly: opening.readOnly,
                        opening.choice))
                let proxy = try DatabaseProxy(
                    opening.profile, readOnly: opening.readOnly, choice: opening.choice, at: .standard,
                    preparer: verbs.preparer, options: Self.options(questions),
                    tell: { mailbox.post(.trouble($0)) },
                    session: { record.heard($0) })
                record.opened()
                guard proxies.hold(proxy, record, for: id) else { return record.closed() }
                mailbox.post(.proxy(id, .up(conninfo: proxy.conninfo.keywordText)))
                for warning in proxy.warnings { mailbox.post(.trouble(warning)) }
            } catch {
                mailbox.post(.proxy(id, .failed(error.line)))
            }
            mailbox.post(.clockSkew(verbs.mint.clockSkew))
        }
    }

    func stopProxy(_ profile: Profile) {
        crew.submit { [mailbox, proxies] in
            mailbox.post(.proxy(profile.id, .ended(sessions: proxies.stop(profile.id) ?? 0)))
        }
    }
}
