#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Screen

extension Model {
    /// Opens the form on the selected profile, or empty.
    mutating func openForm(editing: Bool) -> [Effect] {
        if editing {
            guard let saved = list.selected else { return [] }
            layers.append(.form(FormLayer(FormState.edit(saved.profile))))
        } else {
            layers.append(.form(FormLayer(FormState.new(base: newProfile))))
        }
        return []
    }

    /// The form of a profile that may not be in sight: a filter may hide it, or have let go of it meanwhile.
    mutating func openForm(of id: Profile.ID) -> [Effect] {
        guard let saved = list.profile(id) else {
            say("the profile is not there any more", .trouble)
            return []
        }
        list.go(to: id)
        layers.append(.form(FormLayer(FormState.edit(saved.profile))))
        return []
    }

    /// Text was pasted into the list: a new profile is made of it.
    mutating func openForm(pasting text: String) -> [Effect] {
        // The cursor has nothing to do with where that leads, so that it gives it no environment.
        layers.append(.form(FormLayer(FormState.new(base: Profile()))))
        return formKey(.paste(text), nil)
    }

    /// `D`: a form with a copy of every field, under a name of its own.
    mutating func duplicate() -> [Effect] {
        guard let saved = list.selected else { return [] }
        var copy = saved.profile
        copy.id = UUID()
        copy.name = freeName(for: saved.profile.name)
        layers.append(.form(FormLayer(FormState.new(base: copy))))
        return []
    }

    /// A new profile belongs where the cursor is.
    private var newProfile: Profile {
        var profile = Profile()
        profile.environment = list.selected?.profile.environment
        return profile
    }

    /// `orders copy`, `orders copy 2`, and so on: the first that no profile has.
    private func freeName(for name: String) -> String {
        let taken = Set(list.saved.map(\.profile.foldedName))
        let base = "\(name) copy"
        guard taken.contains(Profile.fold(base)) else { return base }
        var number = 2
        while taken.contains(Profile.fold("\(base) \(number)")) { number += 1 }
        return "\(base) \(number)"
    }

    mutating func formKey(_ key: Key, _ action: Action?) -> [Effect] {
        guard case .form(var form) = layers.last else { return [] }
        if action == .help { return openHelp() }
        // While the store writes there is nothing to type into: the form is about to close. What is typed while psql is
        // being opened is not meant for a field either.
        guard !isBusy(form) else { return action == .cancelForm && isOpeningTyped ? cancelLaunch() : [] }
        form.state.tunnelNames = options.tunnels
        form.state.policies = options.policies
        let outcome = form.state.handle(key, action, others: list.saved)
        layers[layers.count - 1] = .form(form)
        switch outcome {
        case .none: return []
        case .cancel:
            layers.removeLast()
            return []
        case .test(let profile): return test(profile, isDraft: true)
        case .open(let profile): return open(typed: profile, in: form.state)
        case .parse(let text):
            let id = newRequest()
            pending[id] = .parse
            form.parsing = id
            layers[layers.count - 1] = .form(form)
            return [.parse(id, text)]
        case .edit(let profile, let text):
            let id = newRequest()
            pending[id] = .editor
            return [.edit(id, profile, text)]
        case .save(let typed, let old):
            let profile = typed.placed(in: options.folder, from: old)
            let effects = write(change(profile, from: old), from: .form)
            if case .write(let id, _) = effects.first { form.saving = id }
            layers[layers.count - 1] = .form(form)
            return effects
        }
    }

    /// Whether the form takes no keys now.
    func isBusy(_ form: FormLayer) -> Bool { form.saving != nil || isOpeningTyped }

    /// `^O`: opens psql on what is typed, by the same question as from the list. The store is not touched.
    private mutating func open(typed: Profile, in form: FormState) -> [Effect] {
        if let obstacle = launchObstacle(.openTyped) {
            say(obstacle)
            noteInForm()
            return []
        }
        var profile = typed.placed(in: options.folder, from: form.isNew ? nil : form.base)
        // What happens to it is not the saved one's.
        if !form.isNew { profile.id = UUID() }
        return open(nil, effective(profile), purpose: .typed)
    }

    /// What the status line says is said in the form instead, which lies over it.
    mutating func noteInForm() {
        guard let place = formPlace, case .form(var form) = layers[place], let told = status else { return }
        form.state.notes = [told.text]
        layers[place] = .form(form)
        status = nil
    }

    mutating func edited(_ id: RequestID, _ outcome: EditOutcome) {
        guard pending.removeValue(forKey: id) != nil, let place = formPlace,
            case .form(var form) = layers[place]
        else { return }
        form.state.edited(outcome)
        layers[place] = .form(form)
    }

    private func change(_ profile: Profile, from old: Profile?) -> UndoStack.Change {
        guard let old else {
            return UndoStack.Change(
                words: "saved \(label(profile))", make: .insert(profile), takeBack: .trash([profile.id]),
                profile: profile.id)
        }
        return UndoStack.Change(
            words: "changed \(label(profile))", make: .update(profile, from: old),
            takeBack: .update(old, from: profile), profile: profile.id)
    }

    /// The place of the form among the layers: a help may lie over it.
    var formPlace: Int? {
        layers.lastIndex { if case .form = $0 { true } else { false } }
    }

    /// The form that is open; something may lie over it.
    var openForm: FormLayer? {
        guard let place = formPlace, case .form(let form) = layers[place] else { return nil }
        return form
    }

    /// Puts the cursor of the open form into a field.
    mutating func focusForm(on field: ProfileField) {
        guard let place = formPlace, case .form(var form) = layers[place] else { return }
        form.state.focus = field
        form.state.visited.insert(field)
        layers[place] = .form(form)
    }

    /// Shows another profile's values in the open form.
    mutating func fillForm(from profile: Profile) {
        guard let place = formPlace, case .form(var form) = layers[place] else { return }
        form.state.fill(from: profile)
        layers[place] = .form(form)
    }

    /// What is typed into the open form and would be lost with it, where it tells no secret.
    package var draft: ProfileDraft? {
        guard let form = openForm, form.saving == nil else { return nil }
        let draft = form.state.draft
        return form.state.differs(draft) ? draft : nil
    }

    /// Opens the form with what an earlier run could not ask about any more: it counts as typed.
    mutating func openDraft() -> [Effect] {
        guard let draft = waitingDraft, hasLoaded, context == .list, layers.isEmpty else { return [] }
        waitingDraft = nil
        let saved = draft.base.flatMap { list.profile($0.id) }
        var state: FormState
        if let base = draft.base, let saved {
            state = .edit(base)
            state.fill(from: draft)
            state.rebase(on: saved.profile)
            list.go(to: saved.id)
        } else {
            state = .new(base: Profile())
            state.fill(from: draft)
        }
        guard state.isDirty else { return [] }
        state.notes.insert("typed before pgfob was ended, and not saved yet", at: 0)
        layers.append(.form(FormLayer(state)))
        return [.flushKeys]
    }

    /// The list was read anew: what others have saved of the profile in the form is taken over, or told.
    mutating func rebaseForm() {
        guard let place = formPlace, case .form(var form) = layers[place], !form.state.isNew,
            let saved = list.profile(form.state.base.id)
        else { return }
        form.state.rebase(on: saved.profile)
        layers[place] = .form(form)
    }

    /// What the form wanted to save was changed elsewhere meanwhile; the list's new state will say to what.
    ///
    /// - Returns: false where no form is open any more.
    mutating func clashInForm(_ line: String) -> Bool {
        guard let place = formPlace, case .form(var form) = layers[place] else { return false }
        form.saving = nil
        form.state.notes = [line]
        layers[place] = .form(form)
        return true
    }

    mutating func closeForm() {
        // What lies over it may be a question that somebody waits for.
        if let place = formPlace { layers.remove(at: place) }
    }

    /// The store refused what the form wanted to save: it says so at the field.
    ///
    /// - Returns: false where no form is open any more.
    mutating func refuseInForm(_ line: String, _ field: ProfileField?) -> Bool {
        guard let place = formPlace, case .form(var form) = layers[place] else { return false }
        form.saving = nil
        form.state.refused(line, field: field)
        layers[place] = .form(form)
        return true
    }

    mutating func parsed(_ id: RequestID, _ outcome: ParseOutcome) {
        guard pending.removeValue(forKey: id) != nil, let place = formPlace,
            case .form(var form) = layers[place], form.parsing == id
        else { return }
        form.parsing = nil
        form.state.parsed(outcome)
        layers[place] = .form(form)
    }
}
