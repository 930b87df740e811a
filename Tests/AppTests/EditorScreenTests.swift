import App
import Screen
import TestSupport
import Testing

/// The form as it lies over the list.
struct EditorScreenTests {
    @Test(arguments: GoldenTests.sizes)
    func `a saved profile is shown with its fields`(columns: Int, rows: Int) {
        var play = Play(columns: columns, rows: rows)
        play.type("e")
        Golden.expect(play.lines, "form-\(columns)x\(rows)")
    }

    @Test func `the help of the form lists its keys`() {
        var play = Play()
        play.type("n")
        play.press(.function(1))
        Golden.expect(play.lines, "help-form-80x24")
    }
}
