#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Profiles
import Screen

/// What a profile's row says, fit for display.
struct ProfileCells {
    /// From then on a test's result is shown dim: much may have changed.
    static let testStaysFresh = 86_400.0

    let saved: SavedProfile
    private let model: Model
    private let place: Int
    /// Parsed once: it tells both the role and the endpoint.
    private let host: HostName

    /// - Parameter place: the profile's, in ``ProfileList/saved``.
    init(_ place: Int, _ model: Model) {
        saved = model.list.saved[place]
        self.model = model
        self.place = place
        host = HostName(saved.profile.host)
    }

    private var profile: Profile { saved.profile }

    var name: String { DisplayText.sanitised(profile.name) }

    /// Marked before pinned: what is about to happen matters more.
    var mark: String { model.list.marked.contains(saved.id) ? "+" : profile.pinned ? "*" : " " }

    var environment: Segment {
        guard let environment = model.list.environment(at: place) else { return Segment("-", .muted) }
        return Segment(DisplayText.sanitised(environment.badge), environment.role)
    }

    /// Upper case by the last test, lower case where only the host name suggests it.
    var role: String {
        switch model.lastTest(saved)?.role {
        case .writer: return "W"
        case .reader: return "R"
        case nil: break
        }
        switch host.guessedRole {
        case .writer: return "w"
        case .reader: return "r"
        case nil: return "-"
        }
    }

    /// By what it is reached: the tunnel's kind, or its state where it is open or was tried.
    var way: Segment {
        guard let tunnel = profile.tunnel else { return Segment("") }
        switch model.tunnels[saved.id] {
        case .opening: return Segment("..", .text)
        case .up: return Segment("up", .ok)
        case .restarting: return Segment("..!", .warning)
        case .failed: return Segment("FAIL", .failure)
        case nil: return Segment(ProfileDetail.kind(ofTunnel: tunnel), .muted)
        }
    }

    /// The endpoint in so many columns: what tells it from others stays, whatever is cut.
    func endpoint(width: Int) -> String {
        guard !profile.host.isEmpty else { return profile.service.map { "service \($0)" } ?? "-" }
        let port = profile.port == Profile.defaultPort ? "" : ":\(profile.port)"
        guard host.isSignable else {
            return DisplayText.elided(DisplayText.sanitised("\(profile.host):\(profile.port)"), to: width)
        }
        return EndpointText.short(host, port: port, width: width)
    }

    var userAndDatabase: String {
        DisplayText.sanitised("\(profile.user ?? "")@\(profile.databaseWords)")
    }

    var token: TokenBook.State { model.tokenState(of: profile) }

    var test: Segment {
        if let run = model.run(of: saved.id), run.isRunning { return Segment(".. \(run.progress)") }
        guard let summary = model.lastTest(saved) else { return Segment("-", .muted) }
        let isOld = model.now.timeIntervalSince(summary.testedAt) >= Self.testStaysFresh
        if summary.passed {
            return Segment("ok \(TimeText.milliseconds(summary.milliseconds))", isOld ? .muted : .ok)
        }
        guard summary.outcome == TestReport.Outcome.failed.rawValue else { return Segment("stopped", .muted) }
        let stage = summary.failedStage.flatMap { Stage(rawValue: $0) }
        let place = stage.map { " \($0.number) \($0.short)" } ?? ""
        return Segment("FAIL\(place)", isOld ? .muted : .failure)
    }

    /// The server's version, as the last test saw it.
    var version: Segment {
        guard let version = model.lastTest(saved)?.serverVersion else { return Segment("-", .muted) }
        return Segment(DisplayText.sanitised(version))
    }

    var lastUsed: String { saved.lastUsedAt.map { TimeText.age(of: $0, now: model.now) } ?? "never" }

    /// When something in this row next reads differently by itself; nil where nothing does.
    func nextChange(showsLastUsed: Bool) -> Date? {
        var changes: [Date] = []
        if case .valid = token { changes.append(TimeText.date(TimeText.seconds(model.now) + 1)) }
        if let session = model.outlook(of: profile)?.session, !session.renewsItself, let end = session.endsAt,
            end > model.now
        {
            changes.append(end)
        }
        if showsLastUsed, let used = saved.lastUsedAt {
            changes.append(TimeText.ageChange(of: used, now: model.now))
        }
        if let tested = model.lastTest(saved)?.testedAt {
            let old = tested.addingTimeInterval(Self.testStaysFresh)
            if old > model.now { changes.append(old) }
        }
        return changes.min()
    }
}
