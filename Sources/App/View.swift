import Screen

/// Draws the model: nothing but the model, the size and the theme decides what stands where.
///
/// - Returns: a grid of that size; below 60x15 it only says so, and no size traps.
package func view(_ model: Model, size: Size, theme: Theme) -> Grid {
    var grid = Grid(size: size, style: theme[.text])
    let layout = ListLayout(size: size, showsDetail: model.showsDetail)
    guard !layout.isTooSmall else {
        TooSmallView.draw(on: &grid, over: model.context, theme: theme)
        return grid
    }
    HeaderView.draw(on: &grid, model, theme: theme)
    ListView.draw(on: &grid, model, theme: theme, layout: layout)
    DetailView.draw(on: &grid, model, theme: theme, layout: layout)
    FooterView.draw(on: &grid, model, theme: theme, layout: layout)
    for (number, layer) in model.layers.enumerated() {
        // Only the uppermost has the cursor, and takes clicks; the footer's keys are its own already.
        grid.cursor = nil
        grid.hotspot(Rect(column: 0, row: 0, columns: size.columns, rows: size.rows - 1), .nothing)
        switch layer {
        case .help(let help): HelpView.draw(help, on: &grid, model, theme: theme)
        case .code(let code): CodeView.draw(code, on: &grid, model, theme: theme)
        case .confirm(let confirm): ConfirmView.draw(confirm, on: &grid, model, theme: theme)
        case .test(let id):
            if let run = model.runs[id] { TestView.draw(run, on: &grid, model, theme: theme) }
        case .text(let text): TextView.draw(text, on: &grid, model, theme: theme)
        case .palette(let palette): PaletteView.draw(palette, on: &grid, model, theme: theme)
        case .copy(let copy): CopyView.draw(copy, on: &grid, model, theme: theme)
        case .intake(let intake): IntakeView.draw(intake, on: &grid, model, theme: theme)
        case .runQuestion(let question): RunQuestionView.draw(question, on: &grid, model, theme: theme)
        case .leave(let leave): LeaveView.draw(leave, on: &grid, model, theme: theme)
        case .connect(let connect): ConnectView.draw(connect, on: &grid, model, theme: theme)
        case .siblings(let siblings): SiblingsView.draw(siblings, on: &grid, model, theme: theme)
        case .themes(let themes): ThemesView.draw(themes, on: &grid, model, theme: theme)
        case .form(let form):
            form.state.draw(
                on: &grid, theme: theme, keys: FooterView.edge(model, .form),
                saveKey: model.options.keys.name(of: .save, in: .form))
            if number < model.layers.count - 1 { grid.cursor = nil }
        }
    }
    if !model.layers.isEmpty, FooterView.standsOverLayers(model) {
        FooterView.drawStatus(on: &grid, model, theme, layout)
    }
    return grid
}
