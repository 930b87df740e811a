import Profiles

extension TestReport {
    /// The report for people, a line each, as the test dialog of design/screens.md has it, without its box. Holds
    /// nothing that a terminal would act on.
    package var lines: [String] {
        ([headline] + stages.map(Self.line) + explanation).map(VisibleText.line)
    }

    /// All that a ticket needs, and no secret: when, what with, what of, and the lines.
    ///
    /// - Parameter program: the program and its version, such as `pgfob 0.1.0`.
    package func ticket(program: String) -> String {
        let head = ["\(program), tested at \(Timestamp.rfc3339(testedAt)), profile \(profileName)"]
        let facts = subject.map { " " + $0 }
        let all = head + facts + [""] + lines
        return all.map { SecretText.redacted(VisibleText.line($0)) }.joined(separator: "\n")
    }

    /// `billing-reader: FAILED at 5 of 8, tls, 410 ms`.
    package var headline: String {
        let took = Self.duration(milliseconds)
        switch outcome {
        case .ok: return "\(profileName): ok, \(took)"
        case .cancelled: return "\(profileName): cancelled after \(took)"
        case .failed:
            guard let failedStage else { return "\(profileName): FAILED, \(took)" }
            let count = Stage.allCases.count
            return
                "\(profileName): FAILED at \(failedStage.number) of \(count), \(failedStage.rawValue), \(took)"
        }
    }

    /// ` 5 tls      FAIL   371 ms  certificate verify failed`.
    package static func line(_ result: StageResult) -> String {
        let word =
            switch result.outcome {
            case .ok: "ok"
            case .failed: "FAIL"
            case .skipped: "-"
            }
        let time = result.milliseconds.map(duration) ?? ""
        let name = padded(result.stage.rawValue, 8)
        return
            " \(result.stage.number) \(name) \(padded(word, 4)) \(padded(time, 8, right: true))  \(result.detail)"
    }

    private var explanation: [String] {
        var lines: [String] = []
        if let server, !server.cluster.isEmpty {
            lines.append("")
            lines.append(" Cluster        \(server.clusterWords)")
        }
        for (index, cause) in causes.enumerated() where outcome == .failed {
            lines.append(index == 0 ? "" : " or")
            lines.append(" Likely cause   \(cause.text) [\(cause.code.rawValue)]")
            if !cause.check.isEmpty { lines.append(" To be sure     \(cause.check)") }
            lines.append(" What to do     \(cause.fix)")
        }
        if !ruledOut.isEmpty { lines.append(" Ruled out      \(ruledOutText)") }
        if let message {
            for (index, line) in message.split(separator: "\n").enumerated() {
                lines.append((index == 0 ? " \(Self.padded(speaker, 15))" : "                ") + line)
            }
        }
        if let sqlstate { lines.append(" SQLSTATE       \(sqlstate)") }
        return lines
    }

    /// Whose words ``message`` is: the server's where it sent a code, the resolver's, a tunnel's, else libpq's.
    package var speaker: String {
        guard let message, sqlstate == nil, !message.contains("FATAL: "), !message.contains("ERROR: ") else {
            return "Server said"
        }
        if message.hasPrefix("tunnel: ") { return "Tunnel said" }
        if message.hasPrefix("could not translate host name") { return "Resolver said" }
        return "libpq said"
    }

    /// `<1 ms`, `23 ms`, `1.4 s`.
    package static func duration(_ milliseconds: Double) -> String {
        guard milliseconds.isFinite, milliseconds < 1e12 else { return "?" }
        if milliseconds < 1 { return "<1 ms" }
        if milliseconds < 1000 { return "\(Int(milliseconds.rounded())) ms" }
        let tenths = Int((milliseconds / 100).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }

    private static func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(0, width - text.count))
        return right ? blanks + text : text + blanks
    }
}
