import App
import Operations

/// What is typed when the program is ended from outside, and nobody can be asked about it any more.
extension ScreenLoop {
    /// Keeps what the open form holds for the next start.
    func keepDraft() {
        guard let draft = model.draft else { return }
        drafts.keep(draft)
    }

    /// Looks whether the last run had to leave something.
    func findDraft() { runner.findDraft(drafts) }

    private var drafts: DraftFile { DraftFile(folder: surroundings.stateFolder) }
}
