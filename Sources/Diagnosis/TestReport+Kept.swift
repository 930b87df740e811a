import Profiles

/// What is kept of a report, so that its stages can be read on another day.
extension TestReport {
    /// More than any text of a stage, a cause or a server that means well.
    private static let longestText = 600
    private static let longestMessage = 2000
    private static let mostCauses = 4
    private static let mostLines = 20

    /// The report as one line of JSON: what ``jsonLine`` holds, what each cause's key would do, and the facts of a ticket.
    /// Of bounded length, fit for a terminal, and without what ``SecretText`` takes for a secret.
    package var kept: String {
        let report = bounded
        let causes = report.causes.map { cause in cause.remedy.map(Self.json) ?? .null }
        return JSONText.object(
            report.jsonMembers + [
                .init("remedies", .array(causes)),
                .init("subject", .array(report.subject.map { .string($0) })),
                .init("mark", .optional(report.connectionMark)),
            ]
        ).text
    }

    /// Reads what ``kept`` wrote. A code or a word of another version is left out, and what was not kept is not there:
    /// the life of a token, and what the server did not tell.
    ///
    /// - Returns: nil where it is no report.
    package init?(kept text: String) {
        guard let tree = JSONTree(text.utf8), let name = tree["profile"]?.string,
            let outcome = tree["outcome"]?.string.flatMap({ Outcome(rawValue: $0) }),
            let milliseconds = tree["duration_ms"]?.number,
            let at = tree["at"]?.string.flatMap({ Timestamp.parse($0) })
        else { return nil }
        let stages = (tree["stages"]?.elements ?? []).compactMap { Self.stage($0) }
        let remedies = tree["remedies"]?.elements ?? []
        let causes = (tree["causes"]?.elements ?? []).enumerated().compactMap { place, cause in
            Self.cause(cause, remedy: remedies.indices.contains(place) ? remedies[place] : .null)
        }
        self.init(
            profileName: name, outcome: outcome,
            failedStage: tree["failed_stage"]?.string.flatMap { Stage(rawValue: $0) },
            milliseconds: milliseconds,
            stages: Stage.allCases.map { wanted in stages.first { $0.stage == wanted } ?? .notReached(wanted)
            },
            causes: causes, sqlstate: tree["sqlstate"]?.string, message: tree["message"]?.string,
            server: tree["server"].flatMap(Self.server), testedAt: at)
        subject = Self.texts(tree["subject"])
        connectionMark = tree["mark"]?.string
        keptRuledOut = Self.texts(tree["ruled_out"])
    }

    /// The report with nothing in it that a store should not hold.
    private var bounded: TestReport {
        func short(_ text: String, _ limit: Int = Self.longestText) -> String {
            let safe = SecretText.redacted(VisibleText.lines(text))
            return safe.utf8.count <= limit || safe.count <= limit ? safe : "\(safe.prefix(limit))..."
        }
        var report = self
        report.profileName = short(profileName)
        report.stages = stages.map { stage in
            var stage = stage
            stage.detail = short(stage.detail)
            return stage
        }
        report.causes = causes.prefix(Self.mostCauses).map { cause in
            var cause = cause
            (cause.text, cause.check, cause.fix) = (short(cause.text), short(cause.check), short(cause.fix))
            // A value that had to be cut, or holds a secret, is none to write into a field.
            if case .set(_, let value)? = cause.remedy, short(value) != value { cause.remedy = nil }
            return cause
        }
        report.message = message.map { short($0, Self.longestMessage) }
        report.subject = subject.prefix(Self.mostLines).map { short($0) }
        report.server?.currentUser = short(server?.currentUser ?? "")
        report.server?.version = short(server?.version ?? "")
        report.server?.auroraVersion = server?.auroraVersion.map { short($0) }
        report.server?.instance = server?.instance.map { short($0) }
        report.server?.cluster = (server?.cluster ?? []).prefix(Self.mostLines).map { node in
            var node = node
            node.name = short(node.name)
            return node
        }
        return report
    }

    // MARK: The parts

    private static func texts(_ tree: JSONTree?) -> [String] { (tree?.elements ?? []).compactMap(\.string) }

    private static func stage(_ tree: JSONTree) -> StageResult? {
        guard let stage = tree["name"]?.string.flatMap({ Stage(rawValue: $0) }),
            let outcome = tree["outcome"]?.string.flatMap({ StageResult.Outcome(rawValue: $0) })
        else { return nil }
        return StageResult(
            stage: stage, outcome: outcome, milliseconds: tree["duration_ms"]?.number,
            detail: tree["detail"]?.string ?? "")
    }

    private static func cause(_ tree: JSONTree, remedy: JSONTree) -> Cause? {
        guard let text = tree["text"]?.string, let fix = tree["fix"]?.string else { return nil }
        let code = tree["code"]?.string.flatMap { CauseCode(rawValue: $0) }
        return Cause(
            code ?? .unknown, text: text, check: tree["check"]?.string ?? "", fix: fix,
            remedy: self.remedy(remedy))
    }

    private static func json(_ remedy: Remedy) -> JSONText {
        let (word, field, values): (String, ProfileField?, [String]) =
            switch remedy {
            case .login: ("login", nil, [])
            case .set(let field, let value): ("set", field, [value])
            case .drop(let keywords): ("drop", nil, keywords)
            case .fetchBundle: ("fetch-bundle", nil, [])
            case .edit(let field): ("edit", field, [])
            case .again: ("again", nil, [])
            }
        return .object([
            .init("do", .string(word)), .init("field", .optional(field?.rawValue)),
            .init("values", .array(values.map { .string($0) })),
        ])
    }

    private static func remedy(_ tree: JSONTree) -> Remedy? {
        let field = tree["field"]?.string.flatMap { ProfileField(rawValue: $0) }
        let values = texts(tree["values"])
        switch (tree["do"]?.string, field) {
        case ("login", _): return .login
        case ("set", let field?): return values.first.map { .set(field, $0) }
        case ("drop", _): return values.isEmpty ? nil : .drop(values)
        case ("fetch-bundle", _): return .fetchBundle
        case ("edit", let field?): return .edit(field)
        case ("again", _): return .again
        default: return nil
        }
    }

    private static func server(_ tree: JSONTree) -> ServerFacts? {
        guard let version = tree["version"]?.string,
            let role = tree["role"]?.string.flatMap({ ClusterRole(rawValue: $0) })
        else { return nil }
        var facts = ServerFacts(
            version: version, auroraVersion: tree["aurora_version"]?.string, role: role,
            currentUser: tree["current_user"]?.string ?? "", readOnly: tree["read_only"]?.flag ?? false,
            clockSkewSeconds: tree["clock_skew_ms"]?.number.map { $0 / 1000 })
        facts.roundTripMilliseconds = tree["round_trip_ms"]?.number
        facts.isIAMMember = tree["rds_iam"]?.flag
        facts.instance = tree["instance"]?.string
        facts.cluster = (tree["cluster"]?.elements ?? []).compactMap { node in
            node["name"]?.string.map {
                ClusterNode(
                    name: $0, isWriter: node["role"]?.string == ClusterRole.writer.rawValue,
                    lagMilliseconds: node["lag_ms"]?.number, isSelf: $0 == facts.instance)
            }
        }
        return facts
    }
}
