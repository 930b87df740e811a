#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Profiles
import Screen

extension Model {
    /// Takes in what has happened.
    ///
    /// - Parameters:
    ///   - message: what has happened.
    ///   - now: the time at which it did.
    /// - Returns: what is to be done about it, in order.
    package mutating func update(_ message: Message, at now: Date) -> [Effect] {
        self.now = now
        if let status, status.isOver(at: now) { self.status = nil }
        let effects = take(message) + openWaiting() + openDraft() + askForPasswords()
        list.keepInView(height: ListLayout(size: size, showsDetail: showsDetail).listRows)
        return effects
    }

    private mutating func take(_ message: Message) -> [Effect] {
        switch message {
        case .key(let key): return take(key)
        case .resized(let size): self.size = size
        case .tick: break
        case .firstPage(let page):
            hasLoaded = true
            list.replace(page, facts)
        case .profiles(let profiles): return take(profiles)
        case .storeFailed(let line):
            isRereading = false
            say(line, .trouble)
        case .written(let id, let outcome): return written(id, outcome)
        case .stageBegan(let id, let stage): runs[id]?.began(stage)
        case .stageEnded(let id, let result): stageEnded(id, result)
        case .tested(let id, let report): tested(id, report)
        case .recalledTest(let id, let report, let trouble): return recalledTest(id, report, trouble)
        case .minted(let id, let outcome): minted(id, outcome)
        case .parsed(let id, let outcome): parsed(id, outcome)
        case .ran(let id, let failed): ran(id, failed: failed)
        case .ranAll(let id, let text): ranAll(id, text)
        case .recalled(let id, let choice): recalled(id, choice)
        case .sessionStage(let id, let stage): sessionStage(id, stage)
        case .sessionReady(let id): sessionReady(id)
        case .sessionBegan(let id): launched(id)
        case .sessionElsewhere(let id, let place, let failure): sessionElsewhere(id, place, failure)
        case .sessionEnded(let id, let end): return sessionEnded(id, end)
        case .outlooks(let found): take(found)
        case .clockSkew(let seconds): clockSkew = seconds
        case .codeAsked(let id, let device): return ask(id, .mfa(device: device))
        case .tunnelAsked(let id, let question): return ask(id, .tunnel(question))
        case .passwordAsked(let id, let question): return ask(id, .password(question))
        case .tunnels(let states): tunnelsChanged(states)
        case .tunnelHeld(let id, let port):
            openingTunnels.removeAll { $0 == id }
            tell(ofTunnel: id, "is up at 127.0.0.1:\(port)")
        case .tunnelRefused(let id, let line): tunnelRefused(id, line)
        case .proxy(let id, let state): proxyChanged(id, state)
        case .codeNotAsked(let id): stopAskingCode(id)
        case .loginEnded(let id, let end): return loginEnded(id, end)
        case .policy(let id, let outcome): policyFound(id, outcome)
        case .answered(let id, let answer): return answered(id, answer)
        case .completions(let completion, let words): completed(completion, words)
        case .progress(let id, let line): progressed(id, line)
        case .origins(let found): origins = found
        case .edited(let id, let outcome): edited(id, outcome)
        case .history(let id, let history): histories[id] = history
        case .bundleFetched(let id, let done, let line): return bundleFetched(id, done, line)
        case .options(let options): take(options)
        case .complaints(let lines): take(complaints: lines)
        case .draft(let draft): waitingDraft = draft
        case .copied(let line): say(line, .ok)
        case .notice(let line): say(line)
        case .trouble(let line): say(line, .trouble)
        case .used(let use): return leave(use)
        }
        return []
    }

    private mutating func take(_ profiles: [SavedProfile]) -> [Effect] {
        hasLoaded = true
        let proxied = proxied
        list.replace(profiles, facts)
        let effects = endProxies(ofRemoved: proxied.filter { list.profile($0.id) == nil })
        rebaseForm()
        if isRereading {
            isRereading = false
            say("read again: \(profiles.count) profile\(profiles.count == 1 ? "" : "s")", .ok)
        }
        if let id = awaited, list.profile(id) != nil {
            awaited = nil
            if !list.go(to: id) { say("\(name(id)) is saved, and the filter hides it") }
        }
        forgetRuns()
        return effects
    }

    private func name(_ id: UUID) -> String { list.profile(id).map { label($0.profile) } ?? "the profile" }

    /// A profile's name in a sentence: what follows it must find room.
    func label(_ profile: Profile) -> String { label(profile.name) }

    func label(_ name: String) -> String { DisplayText.elided(DisplayText.sanitised(name), to: 28) }

    // MARK: Keys

    mutating func take(_ key: Key) -> [Effect] {
        if let status, now.timeIntervalSince(status.shownAt) >= StatusLine.seconds { self.status = nil }
        if ListLayout(size: size, showsDetail: showsDetail).isTooSmall { return takeUnseen(key) }
        switch key {
        case .focusGained, .focusLost: return []
        case .mouse(let event): return take(event)
        default: break
        }
        let context = context
        let before = status
        let effects = take(key, in: context)
        // What a key had no meaning for in one place is no remark on another.
        // Over a form that opens, nothing of what came before is of use.
        let isOver = before?.kind == .plain || self.context == .form
        if self.context != context, isOver, status == before { status = nil }
        return effects
    }

    /// On a screen that is too small to show anything only what ends something acts: nobody sees what else a key would do.
    private mutating func takeUnseen(_ key: Key) -> [Effect] {
        let context = context
        if key == .character("q") && context != .form || key == .control("c") && asksToLeave {
            return leave()
        }
        switch options.keys.action(key, in: context) {
        // A question that nobody sees is not answered by its letter.
        case .quit where context == .leave && key.types: return []
        case .redraw, .suspend, .quit, .clearFilter: return take(key, in: context)
        // Enter ends some dialogs, and opens a session where a name has been typed.
        case .back where context != .list && key != .enter: return take(key, in: context)
        default: return []
        }
    }

    private mutating func take(_ key: Key, in context: Context) -> [Effect] {
        // Nobody is held back, whatever keys the settings give to the question.
        if key == .control("c"), asksToLeave { return leave() }
        // What may be a letter of a name is nothing else.
        let action = typesName(key) ? nil : options.keys.action(key, in: context)
        switch action {
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .quit: return leave()
        default: break
        }
        switch context {
        case .list: return action.map { perform($0) } ?? unbound(key)
        case .filter: return filterKey(key, action)
        case .confirm: return confirmKey(key, action)
        case .code: return codeKey(key, action)
        case .test: return testKey(action)
        case .text: return textKey(action)
        case .palette: return paletteKey(key, action)
        case .copy: return copyKey(action)
        case .connect: return connectKey(key, action)
        case .runQuestion: return runQuestionKey(action)
        case .leave: return leaveKey(action)
        case .siblings: return siblingsKey(action)
        case .themes: return themesKey(action)
        case .intake: return intakeKey(action)
        case .help: return helpKey(key, action)
        case .form: return formKey(key, action)
        }
    }

    private mutating func unbound(_ key: Key) -> [Effect] {
        if case .paste(let text) = key { return openForm(pasting: text) }
        // Pasted endpoints apart, a key that does nothing says so: silence looks like a hang.
        say("\(DisplayText.sanitised(key.name)) does nothing here: \(keyName(.help)) shows the keys")
        return []
    }

    private mutating func helpKey(_ key: Key, _ action: Action?) -> [Effect] {
        guard case .help(var help) = layers.last else { return [] }
        switch action {
        case .back:
            layers.removeLast()
            return []
        case .scrollUp: help.top = max(0, help.top - 1)
        case .scrollDown: help.top = min(HelpView.lastTop(help, model: self), help.top + 1)
        default:
            if help.query.handle(key) { help.top = 0 }
        }
        layers[layers.count - 1] = .help(help)
        return []
    }

    mutating func openHelp() -> [Effect] {
        layers.append(.help(HelpState(context)))
        return []
    }
}
