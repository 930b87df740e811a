#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Screen

/// The form in which a profile is made or changed: pure, keys in, an outcome out.
package struct FormState: Sendable {
    /// A question that the form asks about what was typed and not saved.
    enum Question: Sendable, Hashable {
        case discard
        /// Fields were changed elsewhere too, and saving would overwrite that.
        case overwrite
        /// The editor's text has a mistake, and saving would leave it out.
        case leaveText
        /// The token would go to a server that is not checked whole.
        case exposed(Purpose)
    }

    /// What is done with the profile as typed.
    enum Purpose: Sendable, Hashable {
        case save, test, open
    }

    /// The profile as the store has it; fields that are not changed are never touched.
    private(set) var base: Profile
    let isNew: Bool
    var controls: [ProfileField: FormControl]
    var pasteLine = TextField()
    /// The field that has the focus; nil is the paste line.
    var focus: ProfileField?
    var question: Question?
    /// What the last paste changed or left out.
    var notes: [String] = []
    /// What is to be said of a paste once libpq has read it.
    var remarks: [String] = []
    /// What the store or libpq refused.
    var refusal: FieldProblem?
    /// Problems are shown for fields that were left, and for all once saving was tried.
    var visited: Set<ProfileField> = []
    /// What came back from the editor and could not be read: the next time it goes back there.
    var brokenText: String?
    /// Lines of the editor's text that pgfob does not know; they are kept for the next time.
    var unknownLines: [String] = []
    /// Fields that were changed here and, since the form was opened, elsewhere too.
    private var contested: Set<ProfileField> = []
    /// The weakest sslmode that a token may be sent with, as somebody has said here.
    var exposureTaken: SSLMode?
    /// The other profiles.
    var others: [SavedProfile] = []
    /// Their names, folded.
    var takenNames: Set<String> = []
    /// What the settings say of environments.
    var policies = EnvironmentPolicies()
    /// The tunnels that the settings name; nil where they were not asked.
    var tunnelNames: [String]?

    private init(base: Profile, isNew: Bool) {
        self.base = base
        self.isNew = isNew
        controls = Dictionary(
            uniqueKeysWithValues: ProfileField.allCases.map {
                ($0, FormControl($0, text: base.text(of: $0)))
            })
        focus = isNew && base.name.isEmpty ? nil : .name
    }

    /// A form for a new profile that begins as `base`: nothing of that has been typed here.
    package static func new(base: Profile) -> FormState { FormState(base: base, isNew: true) }

    /// A form for a saved profile.
    package static func edit(_ profile: Profile) -> FormState {
        FormState(base: profile, isNew: false)
    }

    /// The fields that differ from what stood there.
    var changed: [ProfileField] { ProfileField.allCases.filter { controls[$0]?.isChanged == true } }

    var isDirty: Bool { !changed.isEmpty || !pasteLine.text.isEmpty || holdsEditorText }

    /// How much of what is typed would be lost with the form, as a sentence names it; nil where nothing would.
    var unsaved: String? {
        guard isDirty else { return nil }
        var parts: [String] = []
        if !changed.isEmpty || !pasteLine.text.isEmpty {
            parts.append("\(max(1, changed.count)) change\(changed.count > 1 ? "s" : "")")
        }
        if holdsEditorText { parts.append("the editor's text") }
        return parts.joined(separator: " and ")
    }

    /// The name by which the profile is saved, or as it is typed for a new one; nil where there is none yet.
    var name: String? {
        let name = isNew ? controls[.name]?.text.trimmingBlanks() ?? "" : base.name
        return name.isEmpty ? nil : name
    }

    /// Whether something of what was typed in the editor stands in no field.
    var holdsEditorText: Bool { brokenText != nil || !unknownLines.isEmpty }

    /// The paste line where it is a connection without a secret, which may be kept; anything else might be one.
    var harmlessPaste: String {
        let text = pasteLine.text
        guard PastedText.read(text) != .unrecognised, SecretText.shown(text) == text else { return "" }
        return text
    }

    /// Fields that hold another text than what was saved elsewhere since the form was opened.
    var clashing: [ProfileField] {
        FormRow.stops.compactMap { $0 }.filter {
            contested.contains($0) && controls[$0]?.text != base.text(of: $0)
        }
    }

    /// The profile as far as what is typed can be read, and what cannot.
    func read() -> (profile: Profile, problems: [FieldProblem]) {
        var profile = base
        var problems: [FieldProblem] = []
        for field in ProfileField.allCases {
            guard let control = controls[field], control.text != base.text(of: field) else { continue }
            do throws(FieldProblem) {
                try profile.set(field, to: control.text)
            } catch {
                problems.append(error.repeating(control.text))
            }
        }
        return (profile, problems)
    }

    /// The profile as typed, and what is wrong with it, in the form's order.
    func judged() -> (profile: Profile, problems: [FieldProblem]) {
        var (profile, problems) = read()
        let unread = Set(problems.map(\.field))
        problems += profile.problems().filter { !unread.contains($0.field) }
        if !unread.contains(.name), !profile.name.isEmpty, takenNames.contains(profile.foldedName) {
            problems.append(
                FieldProblem(.name, "\"\(profile.name)\" is taken: names are unique without regard to case"))
        }
        if let unknown = tunnelNames.flatMap({ profile.unknownTunnel(among: $0) }) {
            problems.append(unknown)
        }
        if let refusal { problems.append(refusal) }
        problems += clashing.map {
            FieldProblem($0, "was changed elsewhere to \(theirs($0))", severity: .note)
        }
        let order = Dictionary(
            uniqueKeysWithValues: FormRow.stops.compactMap { $0 }.enumerated().map { ($1, $0) })
        return (profile, problems.sorted { (order[$0.field] ?? 0) < (order[$1.field] ?? 0) })
    }

    /// What was saved elsewhere, as a sentence names it.
    func theirs(_ field: ProfileField) -> String {
        let text = base.text(of: field)
        return text.isEmpty ? "nothing" : "\"\(text)\""
    }

    // MARK: Answers from outside

    /// The store has another state of the profile: fields that are not changed here follow it, the others are told.
    mutating func rebase(on saved: Profile) {
        guard !isNew, saved != base else { return }
        for field in ProfileField.allCases {
            let theirs = saved.text(of: field)
            guard theirs != base.text(of: field), let control = controls[field] else { continue }
            if control.isChanged { contested.insert(field) }
            controls[field]?.rebase(on: theirs)
        }
        base = saved
    }

    /// What was saved elsewhere may be overwritten: the user has seen it.
    mutating func acceptClashes() { contested = [] }

    /// Takes what was saved elsewhere in the place of what was typed here.
    mutating func takeTheirs() {
        for field in clashing { controls[field]?.replace(with: base.text(of: field)) }
        contested = []
    }

    /// libpq has read what was pasted.
    package mutating func parsed(_ outcome: ParseOutcome) {
        switch outcome {
        case .failed(let line):
            (notes, remarks) = ([line], [])
        case .settings(let settings, let leftOut):
            var (profile, _) = judged()
            notes =
                profile.apply(settings: settings) + profile.remarks(onLoginOf: settings) + remarks + leftOut
            remarks = []
            fill(from: profile)
            settleEnvironment()
        }
    }

    /// The editor has ended.
    package mutating func edited(_ outcome: EditOutcome) {
        switch outcome {
        // A text that came back broken is still that.
        case .unchanged: if brokenText == nil { notes = [] }
        case .failed(let line): notes = [line]
        case .broken(let text, let complaint):
            brokenText = text
            notes = ["the text has a mistake: \(complaint)", "the editor's key opens it there again"]
        case .profile(let profile, let unknown):
            brokenText = nil
            unknownLines = unknown
            notes = unknown.isEmpty ? [] : ["not saved, unknown: \(unknown.joined(separator: "  "))"]
            fill(from: profile)
        }
    }

    /// The store refused to save.
    package mutating func refused(_ message: String, field: ProfileField?) {
        let field = field ?? .name
        refusal = FieldProblem(field, message)
        visited.insert(field)
        focus = field
    }

    /// Shows a profile's values; a name is made from the host where none was typed.
    mutating func fill(from profile: Profile) {
        var profile = profile
        if profile.name.isEmpty, !profile.host.isEmpty {
            profile.name = freeName(Profile.suggestedName(for: profile.host))
        }
        let (typed, problems) = read()
        for field in ProfileField.allCases {
            let text = profile.text(of: field)
            // What cannot be read was not seen by whoever made this profile: it stays.
            if text == typed.text(of: field), problems.contains(where: { $0.field == field }) { continue }
            if controls[field]?.text != text { controls[field]?.replace(with: text) }
        }
        pasteLine = TextField()
        refusal = nil
        // What is left to type: an endpoint names no user.
        let open = isNew && controls[.name]?.text.isEmpty == false ? judged().profile.lacking?.field : nil
        focus = judged().problems.first { $0.severity == .error }?.field ?? open ?? .name
    }

    private func freeName(_ name: String) -> String {
        guard takenNames.contains(Profile.fold(name)) else { return name }
        var number = 2
        while takenNames.contains(Profile.fold("\(name) \(number)")) { number += 1 }
        return "\(name) \(number)"
    }
}
