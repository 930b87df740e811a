/// What a key can mean, over all contexts; the words are those of config.toml and of the palette.
enum Action: String, Sendable, Hashable, CaseIterable {
    // Moving in the list
    case up, down, first, last, fold
    case halfUp = "half-page-up"
    case halfDown = "half-page-down"
    case previousGroup = "previous-group"
    case nextGroup = "next-group"
    case foldAll = "fold-all"
    // What is done with the selected profile
    case open, writer, reader, sibling
    case test, stages, policy, edit, duplicate, delete, pin, mark, copy
    case openWith = "open-with"
    case openWindow = "open-window"
    case openSplit = "open-split"
    case mint = "token"
    case login, tunnel
    // What is done with several
    case testShown = "test-shown"
    case markAll = "mark-all"
    // The list as a whole
    case new, undo, redo, filter, sort, columns, reload
    case sortReverse = "sort-reverse"
    case groupBy = "group"
    case detail = "details"
    // Anywhere
    case palette, help, quit, redraw, suspend, back
    // The filter's line
    case keepFilter = "keep-filter"
    case clearFilter = "clear-filter"
    // The question before psql
    case openReadOnly = "open-read-only"
    case snooze
    // What a session is opened with
    case openChosen = "open-chosen"
    // The question for an MFA code or a password
    case sendCode = "send-code"
    case skipQuestions = "skip-all"
    // The test's stages
    case testAgain = "test-again"
    case leaveTest = "to-the-list"
    case editTested = "edit-tested"
    case applyFix = "fix"
    case copyReport = "copy-report"
    // A text that is shown
    case copyText = "copy-text"
    case askAWS = "ask-aws"
    // What comes in from outside
    case approve, remarks
    case approveAll = "approve-all"
    case saveChosen = "save-chosen"
    // What can be copied
    case copyHost = "copy-host"
    case copyURI = "copy-uri"
    case copyPsql = "copy-psql"
    case copyConninfo = "copy-conninfo"
    case copyToken = "copy-token"
    // The form
    case nextField = "next-field"
    case previousField = "previous-field"
    case firstField = "first-field"
    case lastField = "last-field"
    case choose
    case readOrNext = "read-or-next"
    case save
    case testTyped = "test-typed"
    case openTyped = "open-typed"
    case editor
    case cancelForm = "cancel"
    // Lists of choices: the palette and the themes
    case complete
    case run
    case older, newer
    // Help and texts
    case scrollUp = "scroll-up"
    case scrollDown = "scroll-down"
    case scrollLeft = "scroll-left"
    case scrollRight = "scroll-right"
    // The question before SQL runs
    case runStatements = "run-statements"
}
