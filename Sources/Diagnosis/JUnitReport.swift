import Profiles

/// Test reports as JUnit's XML, which build servers read: a test case for every profile.
package enum JUnitReport {
    /// The whole document.
    package static func text(_ reports: [TestReport]) -> String {
        let failed = reports.filter { $0.outcome == .failed }.count
        let skipped = reports.filter { $0.outcome == .cancelled }.count
        let seconds = reports.reduce(0) { $0 + $1.milliseconds } / 1000
        var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
        lines.append(
            "<testsuite name=\"pgfob\" tests=\"\(reports.count)\" failures=\"\(failed)\" errors=\"0\" "
                + "skipped=\"\(skipped)\" time=\"\(number(seconds))\"\(timestamp(reports))>")
        lines += reports.map(testCase)
        return (lines + ["</testsuite>"]).joined(separator: "\n") + "\n"
    }

    /// When the first of them began: JUnit's schema has it for a suite alone.
    private static func timestamp(_ reports: [TestReport]) -> String {
        let begun = reports.map { $0.testedAt.addingTimeInterval(-$0.milliseconds / 1000) }.min()
        return begun.map { " timestamp=\"\(Timestamp.rfc3339($0))\"" } ?? ""
    }

    private static func testCase(_ report: TestReport) -> String {
        let head =
            "  <testcase classname=\"pgfob\" name=\"\(escaped(report.profileName))\" "
            + "time=\"\(number(report.milliseconds / 1000))\""
        switch report.outcome {
        case .ok: return head + "/>"
        case .cancelled: return head + "><skipped/></testcase>"
        case .failed:
            let cause = report.causes.first
            let type = cause?.code.rawValue ?? CauseCode.unknown.rawValue
            let text = escaped(report.lines.joined(separator: "\n"))
            return head + ">\n    <failure type=\"\(type)\" message=\"\(escaped(cause?.text ?? ""))\">\(text)"
                + "</failure>\n  </testcase>"
        }
    }

    /// XML 1.0 has no way at all to write control characters.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n": result += "\n"
            case _ where scalar.value < 0x20 || scalar.value == 0xfffe || scalar.value == 0xffff:
                result += "\\x" + VisibleText.hexadecimal(scalar.value, 2)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func number(_ seconds: Double) -> String {
        let thousandths = Int((max(0, min(seconds.isFinite ? seconds : 0, 1e9)) * 1000).rounded())
        let digits = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
