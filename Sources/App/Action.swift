/// What a key can mean, over all contexts.
enum Action: Sendable, Hashable, CaseIterable {
    // Moving in the list
    case up, down, first, last, halfUp, halfDown, previousGroup, nextGroup, fold, foldAll
    // What is done with the selected profile
    case open, test, stages, mint, login, policy, edit, duplicate, delete
    // The list as a whole
    case new, undo, redo, filter, detail, reload
    // Anywhere
    case help, quit, redraw, suspend, back
    // The filter's line
    case keepFilter, clearFilter
    // The question before psql
    case openReadOnly, snooze, typeName, openReadWrite
    // The question for an MFA code
    case sendCode
    // The test's stages
    case testAgain, leaveTest, editTested
    // A text that is shown
    case copyText, askAWS
    // What the form does with a key itself
    case inForm
    // Help
    case scrollUp, scrollDown
}
