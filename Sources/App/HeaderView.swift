import Profiles
import Screen

/// The uppermost line: what is listed and how, and whose AWS credentials sign.
enum HeaderView {
    static func draw(on grid: inout Grid, _ model: Model, theme: Theme) {
        let width = grid.size.columns
        let isWide = width >= 100
        let gap = isWide ? 3 : 2
        grid.fill(Rect(column: 0, row: 0, columns: width, rows: 1), style: theme[.header])
        var column = 1 + grid.put("pgfob", column: 1, row: 0, style: theme[.header])
        let (parts, identity) = fitting(model, room: width - 1 - column, gap: gap)
        for part in parts {
            column += gap
            column += grid.put(part, column: column, row: 0, style: theme[.header])
        }
        guard !identity.isEmpty else { return }
        let start = isWide ? width - DisplayText.width(identity) - 1 : column + gap
        grid.put(identity, column: start, row: 0, style: theme[.header])
    }

    /// What finds room: the count, the filter and how long the AWS session lasts before all else; then whose session it
    /// is, the groups and the order.
    private static func fitting(_ model: Model, room: Int, gap: Int) -> (parts: [String], identity: String) {
        let isWide = gap == 3
        let identity = Identity(model, isLong: model.size.columns >= ListLayout.wide)
        func left(_ parts: [String]) -> Int {
            room - parts.reduce(0) { $0 + gap + DisplayText.width($1) } - (identity.isEmpty ? 0 : gap)
        }
        let typed = DisplayText.sanitised(String(model.list.filter.prefix(200)))
        func filter(_ limit: Int) -> String? {
            typed.isEmpty ? nil : "filter: \(DisplayText.truncated(typed, to: limit))"
        }
        let shapes: [(count: String, filter: String?)] = [
            (count(model), filter(isWide ? 30 : 16)), (shortCount(model), filter(16)),
            (shortCount(model), filter(10)),
        ]
        // As much as leaves room for the name of the AWS profile, else at least for the session's time.
        let shape =
            shapes.first { left([$0.count, $0.filter].compactMap { $0 }) >= identity.whole }
            ?? shapes.last { left([$0.count, $0.filter].compactMap { $0 }) >= identity.shortest }
            ?? shapes[2]
        var chosen = [shape.count, shape.filter].compactMap { $0 }
        let order = model.list.order
        let wanted = [
            "by:\(model.list.grouping.rawValue)",
            "sort:\(order.column.rawValue) \(order.isReversed ? "^" : "v")",
            isWide && typed.isEmpty ? "filter: none" : nil,
        ].compactMap { $0 }
        var rest: [String] = []
        for part in wanted {
            guard left(chosen + rest + [part]) >= identity.whole else { break }
            rest.append(part)
        }
        // On a wide screen the filter stands behind the order, as its place is empty without one.
        let filter = isWide && chosen.count > 1 ? chosen.removeLast() : nil
        var parts = (chosen + rest + [filter]).compactMap { $0 }
        // Which store it is matters where there are several: on a screen that has room for all else.
        let path = DisplayText.elided(DisplayText.sanitised(model.options.storePath), to: 44)
        if model.size.columns >= ListLayout.wide, !path.isEmpty, left([path] + parts) >= identity.longest {
            parts.insert(path, at: 0)
        }
        return (parts, identity.text(left(parts)))
    }

    private static func count(_ model: Model) -> String {
        let all = model.list.count
        let words = "\(all) profile\(all == 1 ? "" : "s")"
        return (model.list.isFiltering ? "\(words), \(model.list.matchCount) visible" : words) + marks(model)
    }

    private static func shortCount(_ model: Model) -> String {
        guard model.list.isFiltering else { return count(model) }
        return "\(model.list.matchCount) of \(model.list.count)" + marks(model)
    }

    private static func marks(_ model: Model) -> String {
        guard !model.list.marked.isEmpty else { return "" }
        let hidden = model.list.hiddenMarks
        let words = ", \(model.list.marked.count - hidden) marked"
        return hidden == 0 ? words : words + " (\(hidden) hidden)"
    }

    /// `aws acme-prod  SSO 4h12m`: whose credentials sign for the selected profile, and for how long.
    private struct Identity {
        private var skew = ""
        private var name = ""
        private var role = ""
        private var session = ""

        init(_ model: Model, isLong: Bool) {
            guard let profile = model.selectedProfile, profile.auth == .iam else { return }
            name = DisplayText.sanitised(profile.awsProfile ?? "default chain")
            if let seconds = model.clockSkew {
                skew = "clock \(seconds > 0 ? "-" : "+")\(Int(abs(seconds).rounded()))s"
            }
            guard let outlook = model.outlook(of: profile) else { return }
            if isLong {
                let parts = [outlook.principal, outlook.account.map { "acct ...\($0.suffix(4))" }]
                role = DisplayText.sanitised(parts.compactMap { $0 }.joined(separator: "  "))
            }
            session = HeaderView.session(outlook, model, needsLogin: model.needsLogin(profile))
        }

        var isEmpty: Bool { name.isEmpty }

        /// Columns of all but the role.
        var whole: Int { isEmpty ? 0 : DisplayText.width(joined([skew, "aws \(name)", session])) }

        /// Columns of all there is.
        var longest: Int {
            isEmpty ? 0 : DisplayText.width(joined([skew, "aws \(name)", role, session]))
        }

        /// Columns of what has to be seen: that the clock is wrong, and how long the session lasts.
        var shortest: Int {
            isEmpty ? 0 : max(DisplayText.width(joined([skew, session])), session.isEmpty ? 8 : 0)
        }

        /// In so many columns: the name is cut before the session's time, which stays.
        func text(_ room: Int) -> String {
            guard !isEmpty else { return "" }
            let long = joined([skew, "aws \(name)", role, session])
            if !role.isEmpty, DisplayText.width(long) <= room { return long }
            guard whole > room else { return joined([skew, "aws \(name)", session]) }
            let free = room - (whole - DisplayText.width(name))
            if free >= 5 { return joined([skew, "aws \(DisplayText.elided(name, to: free))", session]) }
            let rest = joined([skew, session])
            return DisplayText.truncated(rest.isEmpty ? "aws \(name)" : rest, to: max(0, room))
        }

        private func joined(_ words: [String]) -> String {
            words.filter { !$0.isEmpty }.joined(separator: "  ")
        }
    }

    private static func session(_ outlook: SignerOutlook, _ model: Model, needsLogin: Bool) -> String {
        if needsLogin { return "login: \(model.keyName(.login))" }
        if outlook.problem != nil { return "no credentials" }
        if let session = outlook.session, session.renewsItself { return "\(session.kind) renews" }
        guard let end = outlook.session?.endsAt ?? outlook.credentialsEndAt, end > model.now else {
            return ""
        }
        return "\(outlook.session?.kind ?? "keys") \(TimeText.remaining(until: end, now: model.now))"
    }
}
