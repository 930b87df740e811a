#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Screen

/// The mouse, where the settings switch it on: a click chooses, a second one opens, heads sort, the footer's keys are
/// buttons, the wheel moves.
extension Model {
    /// Two clicks within so many seconds are one double click.
    private static let doubleClick = 0.5
    private static let wheelRows = 3

    /// The last click on a line, and when.
    struct Click: Sendable, Equatable {
        var line: Int
        var at: Date
    }

    mutating func take(_ event: MouseEvent) -> [Effect] {
        switch event.kind {
        case .wheelUp: return wheel(-1)
        case .wheelDown: return wheel(1)
        case .press where event.button == 1: return click(event.at)
        case .press, .release, .drag: return []
        }
    }

    private mutating func wheel(_ direction: Int) -> [Effect] {
        switch context {
        case .list, .filter:
            list.move(by: direction * Self.wheelRows)
            return []
        case .text, .help, .test, .palette, .siblings, .themes, .intake:
            let rows = [.text, .help, .test].contains(context) ? Self.wheelRows : 1
            return (0..<rows).flatMap { _ in take(direction < 0 ? Key.up : .down) }
        case .connect, .form: return moveFocus(direction)
        // These have nothing that could move.
        case .copy, .confirm, .runQuestion, .leave, .code: return []
        }
    }

    /// To the next line of a dialog, or the one before.
    private mutating func moveFocus(_ step: Int) -> [Effect] {
        switch layers.last {
        case .form(var form):
            guard !isBusy(form) else { return [] }
            form.state.move(step)
            layers[layers.count - 1] = .form(form)
        case .connect(var connect):
            connect.move(step)
            layers[layers.count - 1] = .connect(connect)
        default: break
        }
        return []
    }

    private mutating func click(_ point: Point) -> [Effect] {
        let before = lastClick
        lastClick = nil
        switch view(self, size: size, theme: .standard).target(at: point) {
        case .key(let key): return take(key)
        case .line(let line): return choose(line, before)
        case .choice(let line, let word): return choose(word, of: line)
        case .column(let name):
            guard let column = SortOrder.Column(rawValue: name) else { return [] }
            sort(by: column, reversed: list.order.column == column && !list.order.isReversed)
            return []
        case .nothing, nil: return []
        }
    }

    private mutating func choose(_ word: Int, of line: Int) -> [Effect] {
        switch layers.last {
        case .form(var form):
            guard !isBusy(form) else { return [] }
            form.state.choose(word, at: line)
            layers[layers.count - 1] = .form(form)
        case .connect(var connect):
            connect.choose(word, on: line)
            layers[layers.count - 1] = .connect(connect)
        default: break
        }
        return []
    }

    private mutating func choose(_ line: Int, _ before: Click?) -> [Effect] {
        switch layers.last {
        case .form(var form):
            guard !isBusy(form) else { return [] }
            form.state.click(line)
            layers[layers.count - 1] = .form(form)
            return []
        case .palette(var palette):
            palette.select(line)
            layers[layers.count - 1] = .palette(palette)
            return take(.enter)
        case .connect(var connect):
            connect.focus(on: line)
            layers[layers.count - 1] = .connect(connect)
            return []
        case .siblings(var siblings):
            siblings.cursor = line
            layers[layers.count - 1] = .siblings(siblings)
            return []
        case .themes(var themes):
            themes.cursor = line
            layers[layers.count - 1] = .themes(themes)
            return [.theme(themes.chosen, keeps: false)]
        case .intake(var intake):
            intake.cursor = line
            layers[layers.count - 1] = .intake(intake)
            return intakeKey(.mark)
        case nil:
            let isSecond =
                before.map { $0.line == line && now.timeIntervalSince($0.at) <= Self.doubleClick } ?? false
            guard list.click(line) else {
                list.toggleFold(line)
                return []
            }
            lastClick = Click(line: line, at: now)
            return isSecond ? perform(.open) : []
        default: return []
        }
    }
}
