/// What lies over the list. The uppermost takes the keys.
enum Layer: Sendable {
    case help(HelpState)
    case confirm(ConfirmState)
    case code(CodeState)
    case form(FormLayer)
    /// The stages of one test.
    case test(RequestID)
    case text(TextState)
    case palette(PaletteState)
    case copy(CopyState)
    case connect(ConnectState)
    case runQuestion(RunQuestionState)
    case themes(ThemesState)
    case siblings(SiblingsState)
    case intake(IntakeState)
    case leave(LeaveState)

    /// Whether it is the question before the program ends.
    var isLeave: Bool { if case .leave = self { true } else { false } }

    func shows(test id: RequestID) -> Bool {
        if case .test(id) = self { true } else { false }
    }
}
