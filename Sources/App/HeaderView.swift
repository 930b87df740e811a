import Screen

/// The uppermost line: what is listed and how, and whose AWS credentials sign.
enum HeaderView {
    static func draw(on grid: inout Grid, _ model: Model, theme: Theme) {
        let width = grid.size.columns
        let isWide = width >= 100
        grid.fill(Rect(column: 0, row: 0, columns: width, rows: 1), style: theme[.header])
        let gap = isWide ? 3 : 2
        var column = 1 + grid.put("pgfob", column: 1, row: 0, style: theme[.header])
        let identity = identity(model)
        let identityWidth = DisplayText.width(identity)
        let order = model.list.order
        var parts = [
            count(model), "by:\(model.list.grouping.rawValue)",
            "sort:\(order.column.rawValue) \(order.isReversed ? "^" : "v")",
        ]
        let filter = DisplayText.sanitised(String(model.list.filter.prefix(200)))
        if isWide || !filter.isEmpty {
            let shown = filter.isEmpty ? "none" : DisplayText.truncated(filter, to: isWide ? 30 : 16)
            // Where room is short the filter matters more than the order.
            parts.insert("filter: \(shown)", at: isWide ? parts.count : 1)
        }
        for part in parts {
            guard column + gap + DisplayText.width(part) < width else { break }
            column += gap
            column += grid.put(part, column: column, row: 0, style: theme[.header])
        }
        guard !identity.isEmpty, column + gap + min(identityWidth, 8) < width else { return }
        let start = isWide ? max(column + gap, width - identityWidth - 1) : column + gap
        let text = DisplayText.truncated(identity, to: width - start - 1)
        grid.put(text, column: start, row: 0, style: theme[.header])
    }

    private static func count(_ model: Model) -> String {
        let all = model.list.count
        let words = "\(all) profile\(all == 1 ? "" : "s")"
        let marks = model.list.marked.isEmpty ? "" : ", \(model.list.marked.count) marked"
        return (model.list.isFiltering ? "\(words), \(model.list.matchCount) visible" : words) + marks
    }

    /// `aws acme-prod  SSO 4h12m`: whose credentials sign for the selected profile, and for how long.
    static func identity(_ model: Model) -> String {
        guard let profile = model.selectedProfile, profile.auth == .iam else { return "" }
        var words = "aws \(DisplayText.sanitised(profile.awsProfile ?? "default chain"))"
        if let skew = model.clockSkew {
            words = "clock \(skew > 0 ? "-" : "+")\(Int(abs(skew).rounded()))s  \(words)"
        }
        guard let outlook = model.outlook(of: profile) else { return words }
        if model.needsLogin(profile) { return words + "  login: \(model.keyName(.login))" }
        if outlook.problem != nil { return words + "  no credentials" }
        if let session = outlook.session, session.renewsItself { return words + "  \(session.kind) renews" }
        guard let end = outlook.session?.endsAt ?? outlook.credentialsEndAt, end > model.now else {
            return words
        }
        let kind = outlook.session?.kind ?? "keys"
        return words + "  \(kind) \(TimeText.remaining(until: end, now: model.now))"
    }
}
