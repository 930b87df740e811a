import Diagnosis
import Profiles
import Screen

/// `f` on a failed test: what pgfob can do about its cause itself.
extension Model {
    /// What the key does for the test that is shown; nil where there is nothing.
    var shownRemedy: Remedy? {
        guard let report = shownRun?.report, report.outcome == .failed else { return nil }
        return report.causes.first?.remedy
    }

    var remedyObstacle: String? {
        guard let remedy = shownRemedy else { return "nothing that pgfob could do would help here" }
        return remedy == .login ? loginObstacle : nil
    }

    mutating func applyFix() -> [Effect] {
        guard let run = shownRun, let remedy = shownRemedy else { return [] }
        switch remedy {
        case .login: return login()
        case .again: return testKey(.testAgain)
        case .edit(let field): return edit(run, field)
        case .set(let field, let value):
            let words = value.isEmpty ? "cleared \(field.rawValue) of" : "set \(field.rawValue) \(value) of"
            return fix(run, words) { profile throws(FieldProblem) in try profile.set(field, to: value) }
        case .drop(let keywords):
            return fix(run, "dropped \(keywords.joined(separator: ", ")) of") {
                profile throws(FieldProblem) in
                for keyword in keywords { profile.parameters[keyword] = nil }
            }
        case .fetchBundle: return fetchBundle(for: run.profile, run: run.id)
        }
    }

    /// - Parameter run: the test that goes on with it.
    mutating func fetchBundle(for profile: Profile, run: RequestID?) -> [Effect] {
        let id = newRequest()
        pending[id] = .bundle(run)
        say("fetching the RDS bundle ...")
        return [.fetchBundle(id, effective(profile))]
    }

    mutating func bundleFetched(_ id: RequestID, _ done: Bool, _ line: String) -> [Effect] {
        guard case .bundle(let runID) = pending.removeValue(forKey: id) else { return [] }
        say(line, done ? .ok : .trouble)
        guard done, let run = shownRun, run.id == runID else { return [] }
        guard run.profile.sslrootcert != nil else { return testKey(.testAgain) }
        return fix(run, "cleared sslrootcert of") { profile throws(FieldProblem) in
            profile.sslrootcert = nil
        }
    }

    /// The form, with the cursor in the field at fault.
    private mutating func edit(_ run: TestRun, _ field: ProfileField) -> [Effect] {
        closeTest(run)
        if !run.isDraft {
            guard list.profile(run.profile.id) != nil else { return openForm(of: run.profile.id) }
            _ = openForm(of: run.profile.id)
            if let place = formPlace, case .form(var form) = layers[place] {
                form.testsOnceSaved = true
                layers[place] = .form(form)
            }
        }
        focusForm(on: field)
        return []
    }

    /// Changes the profile as tested, and tests it again: a draft in its form, a saved one in the store.
    private mutating func fix(
        _ run: TestRun, _ words: String, _ change: (inout Profile) throws(FieldProblem) -> Void
    ) -> [Effect] {
        guard let old = run.isDraft ? run.profile : list.profile(run.profile.id)?.profile else {
            say("the profile is not there any more", .trouble)
            return []
        }
        var new = old
        do throws(FieldProblem) { try change(&new) } catch {
            say("\(error.field.label) \(error.message)", .trouble)
            return []
        }
        guard new != old else { return testKey(.testAgain) }
        guard new.exposure(beyond: old) == nil else {
            // The form asks whether the token may go where it would.
            let effects = edit(run, .sslmode)
            fillForm(from: new)
            focusForm(on: .sslmode)
            return effects
        }
        if run.isDraft {
            closeTest(run)
            fillForm(from: new)
            return test(new, isDraft: true)
        }
        return write(
            UndoStack.Change(
                words: "\(words) \(label(new))", make: .update(new, from: old),
                takeBack: .update(old, from: new),
                profile: new.id), from: .test(run.id))
    }

    /// The store has made the change: the test that it came from is run again as it is now.
    mutating func testFixed(_ id: RequestID, _ change: UndoStack.Change) -> [Effect] {
        guard let run = shownRun, run.id == id, case .update(let profile, _) = change.make else { return [] }
        layers.removeLast()
        runs[id] = nil
        return test(profile, isDraft: false)
    }
}
