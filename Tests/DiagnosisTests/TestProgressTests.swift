#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Testing

struct TestProgressTests {
    private static let end = Date(timeIntervalSince1970: 1_795_528_800)

    private static func progress(failing stage: Stage?) -> TestProgress {
        var progress = TestProgress()
        for each in Stage.allCases where each <= stage ?? .session {
            progress.began(each)
            progress.ended(
                StageResult(
                    stage: each, outcome: each == stage ? .failed : .ok, milliseconds: 1,
                    detail: each.rawValue))
        }
        return progress
    }

    @Test func `a test that has not begun lists all eight stages as not reached`() {
        let progress = TestProgress()
        #expect(progress.current == nil)
        #expect(progress.stages == Stage.allCases.map(StageResult.notReached))
    }

    @Test func `the stage under way is the one that began last and has not ended`() {
        var progress = TestProgress()
        progress.began(.dns)
        #expect(progress.current == .dns)
        progress.ended(StageResult(stage: .dns, outcome: .ok, milliseconds: 2, detail: "10.0.0.1"))
        #expect(progress.current == nil)
    }

    @Test(arguments: Stage.allCases)
    func `what comes after the stage that failed was not reached`(stage: Stage) {
        let report = Self.progress(failing: stage).report(
            profileName: "orders", cancelled: false, causes: [CauseFinder.cause(.unknown, message: "x")],
            milliseconds: 1, testedAt: Self.end)
        #expect(report.outcome == .failed)
        #expect(report.failedStage == stage)
        #expect(report.stages.map(\.stage) == Stage.allCases)
        #expect(report.stages.filter { $0 == .notReached($0.stage) }.count == 8 - stage.number)
    }

    @Test func `a stage that begins anew takes what came after it with it`() {
        var progress = TestProgress()
        for stage in [Stage.profile, .dns, .tcp, .tls] {
            progress.ended(StageResult(stage: stage, outcome: .ok, milliseconds: 1, detail: ""))
        }
        progress.ended(StageResult(stage: .auth, outcome: .failed, milliseconds: 1, detail: ""))
        progress.began(.dns)
        #expect(progress.failedStage == nil)
        #expect(progress.stages.filter { $0.outcome == .ok }.map(\.stage) == [.profile])
    }

    @Test func `a test is ok only when the session answered`() {
        let whole = Self.progress(failing: nil).report(
            profileName: "orders", cancelled: false, causes: [], milliseconds: 1, testedAt: Self.end)
        #expect(whole.outcome == .ok)
        #expect(whole.failedStage == nil && whole.causes.isEmpty)
        let nothing = TestProgress().report(
            profileName: "orders", cancelled: false, causes: [], milliseconds: 1, testedAt: Self.end)
        #expect(nothing.outcome == .failed)
        #expect(nothing.causes.map(\.code) == [.unknown])
    }

    @Test func `a cancelled test has failed at no stage`() {
        var progress = TestProgress()
        progress.began(.tcp)
        let report = progress.report(
            profileName: "orders", cancelled: true, causes: [], milliseconds: 1, testedAt: Self.end)
        #expect(report.outcome == .cancelled)
        #expect(report.failedStage == nil)
        #expect(report.causes.map(\.code) == [.cancelled])
    }
}
