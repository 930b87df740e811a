import Operations
import Profiles
import Screen

/// Writes what statements on one profile come to, as it comes.
///
/// A table's widths are those of its first rows: what is held is bounded, however long the answer is.
package struct ResultWriter {
    /// Rows that decide a table's widths.
    private static let rowsHeld = 200
    /// And their size in characters, at most.
    private static let charactersHeld = 200_000

    private let format: ResultFormat
    private let profile: Profile
    private let output: (_ lines: String, _ isHeader: Bool) -> Void
    /// Lines that are on their way: one by one they would cost a system call each.
    private var lines = ""
    private var columns: [ResultColumn] = []
    private var held: [[String?]] = []
    private var size = 0
    private var widths: [Int]?
    private var result = 0
    /// Rows of all answers.
    package private(set) var rows = 0
    private var rowsOfResult = 0
    private var csvHeader: [String]?
    private var lastCommand: String?

    /// - Parameter write: takes whole lines, and whether they are a header that several profiles' answers can share.
    package init(
        _ format: ResultFormat, _ profile: Profile,
        write: @escaping (_ lines: String, _ isHeader: Bool) -> Void
    ) {
        self.format = format
        self.profile = profile
        output = write
    }

    private static let linesHeld = 1 << 15

    private mutating func write(_ line: String) {
        if line.utf8.count >= Self.linesHeld {
            // Not copied once more: it may hold a value of any size.
            pass()
            output(line, false)
            return
        }
        lines += line
        if lines.utf8.count >= Self.linesHeld { pass() }
    }

    private mutating func pass() {
        guard !lines.isEmpty else { return }
        output(lines, false)
        lines = ""
    }

    package mutating func take(_ event: ResultEvent) {
        switch event {
        case .columns(let columns):
            self.columns = columns
            (held, size, widths, rowsOfResult) = ([], 0, nil, 0)
            result += 1
            if format == .csv { writeCSVHeader() }
        case .row(let row):
            rows += 1
            rowsOfResult += 1
            switch format {
            case .table: hold(row)
            case .csv: write(ResultText.csv([profile.name] + row))
            case .json: write(ResultText.json(profile.name, result: result, columns, row))
            }
        case .waiting: pass()
        // No answer: whoever runs it tells of it.
        case .notice: break
        case .done(let command):
            lastCommand = command
            guard format == .table else {
                columns = []
                return
            }
            if columns.isEmpty {
                heading()
                write(command + "\n")
            } else {
                flush()
                write("(\(rowsOfResult) row\(rowsOfResult == 1 ? "" : "s"))\n")
            }
            columns = []
        }
    }

    /// The last words on the profile.
    ///
    /// - Parameter milliseconds: how long all of it took.
    package mutating func finish(_ end: StatementsEnd, milliseconds: Double) {
        switch format {
        case .table:
            // Rows that were still held when it broke off.
            if !columns.isEmpty { flush() }
        case .csv: break
        case .json: write(ResultText.json(profile.name, end, rows: rows, command: lastCommand, milliseconds))
        }
        pass()
    }

    // MARK: CSV

    /// Once for all answers that have the same columns.
    private mutating func writeCSVHeader() {
        let names = ["profile"] + columns.map(\.name)
        guard names != csvHeader else { return }
        csvHeader = names
        pass()
        output(ResultText.csv(names), true)
    }

    // MARK: Tables

    private var hasHeading = false

    private mutating func heading() {
        guard !hasHeading else { return }
        hasHeading = true
        let badge = profile.environment.map { " [\($0.badge)]" } ?? ""
        write("-- \(profile.name)\(badge) --\n")
    }

    private mutating func hold(_ row: [String?]) {
        guard widths == nil else {
            write(ResultText.tableRow(row, columns, widths ?? []))
            return
        }
        held.append(row)
        size += row.reduce(0) { $0 + ($1?.utf8.count ?? 0) }
        if held.count >= Self.rowsHeld || size >= Self.charactersHeld { flush() }
    }

    private mutating func flush() {
        guard widths == nil else { return }
        heading()
        let widths = ResultText.widths(columns, held)
        write(ResultText.tableHead(columns, widths))
        for row in held { write(ResultText.tableRow(row, columns, widths)) }
        (held, self.widths) = ([], widths)
    }
}
