#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Diagnosis
import Profiles
import Screen

/// What is known of a profile, line by line.
struct ProfileDetail {
    let saved: SavedProfile
    let model: Model

    private var profile: Profile { saved.profile }
    private var now: Date { model.now }

    /// Three lines, for the strip below a small list.
    var short: [DetailField] {
        [
            DetailField("host", [endpoint, way, .text("tls \(profile.sslmodeWords)")]),
            DetailField("token", [shortToken, profile.auth == .iam ? .text("aws \(awsProfile)") : nil]),
            DetailField("test", [proxy == nil ? nil : .text("proxy up", .ok), shortTest, lastSession, tags]),
        ]
    }

    /// The pane beside the list has room for more.
    var wide: [DetailField] {
        var fields = lines(isWide: true)
        // Once: all saved hosts are looked through for them.
        let siblings = siblings
        if !siblings.isEmpty { fields.insert(DetailField("Siblings", siblings), at: 1) }
        if !cluster.isEmpty { fields.insert(DetailField("Cluster", cluster), at: 1) }
        if let history {
            let at = (fields.firstIndex { $0.label == "Test" } ?? fields.count - 1) + 1
            fields.insert(DetailField("History", history), at: at)
        }
        return fields
    }

    /// The other endpoints of its cluster: by the profile where there is one.
    private var siblings: [DetailPart] {
        let all = model.siblings
        guard !all.isEmpty else { return [] }
        let shown = all.prefix(4).map { sibling -> DetailPart in
            let host = EndpointText.short(HostName(sibling.host), port: "", width: 40)
            return .text("\(sibling.kind) \(sibling.name ?? host)")
        }
        let more = all.count > 4 ? "and \(all.count - 4) more  " : ""
        let key = model.keyName(.sibling)
        return shown + [.text("\(more)(\(key) opens \(all.count == 1 ? "it" : "one"))", .muted)]
    }

    /// How tools connect through the profile's proxy.
    private var proxy: DetailPart? {
        guard case .up(let conninfo)? = model.proxies[saved.id] else { return nil }
        return .text("psql \"\(conninfo)\"")
    }

    /// The servers that the last test of this run saw, and whether the endpoint leads elsewhere than its name says.
    private var cluster: [DetailPart] {
        let words = model.run(of: saved.id)?.report?.server?.clusterWords ?? ""
        return [mismatch, words.isEmpty ? nil : .text(words)].compactMap { $0 }
    }

    /// `_..-_x__   p50 22 ms, p95 31 ms over 30 tests`.
    private var history: [DetailPart]? {
        guard let past = model.histories[saved.id], past.entries.count > 1 else { return nil }
        let times = past.percentile(50).flatMap { half in
            past.percentile(95).map { most in
                "p50 \(TimeText.wideMilliseconds(half)), p95 \(TimeText.wideMilliseconds(most)) "
                    + "over \(past.entries.count) tests"
            }
        }
        return [.text(past.sparkline), .text(times ?? "\(past.entries.count) tests, none of them good")]
    }

    /// Seven lines, for the pane.
    var full: [DetailField] { lines(isWide: false) }

    private func lines(isWide: Bool) -> [DetailField] {
        [
            DetailField("Endpoint", isWide ? endpointParts(role) : endpointLine),
            DetailField("Auth", auth(isWide: isWide)),
            DetailField("AWS", aws),
            DetailField("Token", [token] + tokenLife),
            DetailField("Test", isWide ? test : test(with: history ?? [])),
            // Where room is short, what the servers are like is worth more than a text that `y` copies.
            proxy.map { DetailField("Proxy", [.text("up", .ok), $0]) }
                ?? (isWide || cluster.isEmpty
                    ? DetailField("psql", [.text("psql \"\(conninfo)\"")])
                    : DetailField("Cluster", cluster)),
            DetailField("Notes", notes),
        ]
    }

    // MARK: Endpoint

    /// A reader endpoint that leads to the writer, by the last test.
    private var mismatch: DetailPart? {
        guard let role = model.lastTest(saved)?.role else { return nil }
        let facts = ServerFacts(version: "", role: role, currentUser: "")
        return facts.note(endpoint: profile.host).map { .text($0, .warning) }
    }

    private var endpoint: DetailPart {
        guard !profile.host.isEmpty else { return .text("service \(profile.service ?? "-")") }
        return .text("\(profile.host):\(profile.port)")
    }

    private func endpointParts(_ role: DetailPart?) -> [DetailPart?] {
        [endpoint, way, role, version ?? engine, dial]
    }

    /// In one line: how the server's role is known gives way to its version.
    private var endpointLine: [DetailPart?] {
        let long = endpointParts(role)
        guard !DetailView.holds(long, columns: model.size.columns), let known = model.lastTest(saved)?.role
        else { return long }
        return endpointParts(.text(known.rawValue))
    }

    private var way: DetailPart? {
        guard let tunnel = profile.tunnel else { return nil }
        let words = Self.words(ofTunnel: tunnel)
        switch model.tunnels[saved.id] {
        case .opening: return .text("\(words): opening ...")
        case .up(let port): return .text("\(words): up at 127.0.0.1:\(port)", .ok)
        case .restarting(let why):
            return .text("\(words): died, starting again\(why.map { ": \($0)" } ?? "")", .warning)
        case .failed(let why): return .text("\(words): \(why)", .failure)
        case nil: return .text("via \(words)")
        }
    }

    /// A tunnel's kind in a word.
    static func kind(ofTunnel text: String) -> String {
        do throws(TunnelDefinition.Malformed) { return try TunnelDefinition(text).kind } catch { return "?" }
    }

    private static func words(ofTunnel text: String) -> String {
        do throws(TunnelDefinition.Malformed) { return try TunnelDefinition(text).words } catch {
            return text
        }
    }

    private var role: DetailPart? {
        if let role = model.lastTest(saved)?.role {
            return .text("\(role.rawValue) (pg_is_in_recovery = \(role == .writer ? "f" : "t"))")
        }
        let host = HostName(profile.host)
        return host.isSignable ? .text("\(host.kind.words), by its name", .muted) : nil
    }

    private var version: DetailPart? {
        model.lastTest(saved)?.serverVersion.map { .text("PostgreSQL \($0)") }
    }

    private var origin: CloudOrigin? { model.origins[saved.id] }

    private var engine: DetailPart? { origin.map { .text($0.engine) } }

    /// What a policy names, and whether tokens are taken at all.
    private var cloud: [DetailPart?] {
        guard let origin else { return [] }
        return [
            .text(origin.resourceID),
            origin.isIAMEnabled == false
                ? .text("IAM is off", profile.auth == .iam ? .warning : .muted) : nil,
        ]
    }

    private var dial: DetailPart? { profile.dial.map { .text("dials \($0)") } }

    // MARK: Login

    private func auth(isWide: Bool) -> [DetailPart?] {
        let bundle = profile.sslrootcert.map { ", CA \($0)" } ?? ""
        return [
            .text(profile.auth.rawValue), profile.user.map { .text("user \($0)") },
            .text("db \(profile.databaseWords)"),
            .text("TLS \(profile.sslmodeWords)\(bundle)"),
        ] + (profile.auth == .iam ? region(isOnePart: isWide) : [])
    }

    private func region(isOnePart: Bool) -> [DetailPart] {
        let source = "(from host name)"
        if let region = profile.region { return [.text("region \(region)")] }
        guard let region = HostName(profile.host).region else { return [] }
        return isOnePart
            ? [.text("region \(region) \(source)")] : [.text("region \(region)"), .text(source)]
    }

    private var awsProfile: String { profile.awsProfile ?? "default chain" }

    private var aws: [DetailPart?] {
        guard profile.auth == .iam else { return [.text("not used", .muted)] + cloud }
        let outlook = model.outlook(of: profile)
        let provider = model.tokens.clock(of: profile, now: now)?.provider ?? outlook?.provider ?? ""
        return [
            .text(profile.awsProfile.map { "profile \($0)" } ?? "default chain"),
            provider.isEmpty || outlook?.principal != nil ? nil : .text(provider),
            outlook?.problem.map { .text($0, .failure) },
            outlook?.principal.map { .text($0) },
            outlook?.account.map { .text("acct ...\($0.suffix(4))") },
            session(outlook),
            profile.signingHost.map { .text("signed for \($0)") },
            model.tokenState(of: profile) == .login
                ? .text("login required: \(model.keyName(.login)) logs in", .failure) : nil,
        ] + cloud
    }

    /// `SSO session ends 18:16:00 (4h12m)`.
    private func session(_ outlook: SignerOutlook?) -> DetailPart? {
        guard let session = outlook?.session, let end = session.endsAt, end > now else { return nil }
        if session.renewsItself { return .text("\(session.kind) session renews itself") }
        let left = TimeText.remaining(until: end, now: now)
        return .text("\(session.kind) session ends \(model.clock.moment(end, now: now)) (\(left))")
    }

    private var token: DetailPart {
        switch model.tokenState(of: profile) {
        case .notIAM: .text("none: \(profile.auth.rawValue) logs in without one", .muted)
        case .missing: .text("minted on use", .muted)
        case .minting: .text("minting ...")
        case .login: .text("AWS login required", .failure)
        case .valid(let left, let fraction):
            .bar(
                fraction,
                Segment("\(TimeText.countdown(left)) left", left < TokenBook.ending ? .warning : .text))
        }
    }

    private var shortToken: DetailPart {
        guard case .bar(let fraction, var words) = token else { return token }
        if words.role == .text {
            let isLimited = model.tokens.clock(of: profile, now: now)?.limitedBy == .credentials
            words.text += isLimited ? ", as its AWS credentials end" : ", good for new connections"
        }
        return .bar(fraction, words)
    }

    private var tokenLife: [DetailPart?] {
        guard let clock = model.tokens.clock(of: profile, now: now) else { return [] }
        let (from, until) = (model.clock.time(clock.signedAt), model.clock.time(clock.expiresAt))
        return [
            .text("minted \(from) -> \(until)"),
            clock.limitedBy == .credentials
                ? .text("ends with the AWS credentials", .warning)
                : .text("open sessions unaffected", .muted),
        ]
    }

    // MARK: Test and use

    private var verdict: (text: String, role: Role)? {
        guard let summary = model.lastTest(saved) else { return nil }
        if summary.passed { return ("ok \(TimeText.wideMilliseconds(summary.milliseconds))", .ok) }
        let stage = summary.failedStage.flatMap { Stage(rawValue: $0) }
        let place = stage.map { " \($0.number) \($0.rawValue)" } ?? ""
        return ("FAIL\(place)\(summary.cause.map { ", \($0)" } ?? "")", .failure)
    }

    /// What gives a test the password that it lacked, behind its verdict.
    private var whatAsks: String {
        guard let summary = model.lastTest(saved), Model.wantsPassword(profile, summary) else { return "" }
        return ": \(model.keyName(.test)) asks for it"
    }

    /// What tells more of a failure, where the lines have no room for its stages.
    private var whatExplains: String {
        model.lastTest(saved)?.outcome == TestReport.Outcome.failed.rawValue
            ? " (\(model.keyName(.stages)): why)" : ""
    }

    private var testedAt: String? { model.lastTest(saved).map { model.clock.moment($0.testedAt, now: now) } }

    private var runningTest: DetailPart? {
        guard let run = model.run(of: saved.id), run.isRunning else { return nil }
        return .text("running: \(run.wideProgress)")
    }

    private var shortTest: DetailPart {
        if let runningTest { return runningTest }
        guard let verdict, let testedAt else {
            return .text("not yet: \(model.keyName(.test)) tests", .muted)
        }
        return .text(
            "\(verdict.text) at \(testedAt)\(whatAsks.isEmpty ? whatExplains : whatAsks)", verdict.role)
    }

    private var test: [DetailPart?] { test(with: []) }

    private func test(with history: [DetailPart]) -> [DetailPart?] {
        if let runningTest { return [runningTest] }
        guard let verdict, let testedAt else {
            return [.text("not yet: \(model.keyName(.test)) tests", .muted)]
        }
        let report = model.run(of: saved.id)?.report
        let times = report?.stages.compactMap { stage in
            stage.milliseconds.map {
                "\(stage.stage.rawValue) \($0 < 1 ? "<1" : TimeText.milliseconds($0).replacing("ms", with: ""))"
            }
        }
        return [
            .text(testedAt), .text(verdict.text + whatAsks, verdict.role),
        ] + history + [
            times.map { .text($0.joined(separator: "  ") + " ms") },
            .text("(\(model.keyName(.stages)) for stages)", .muted),
        ]
    }

    private var lastSession: DetailPart? {
        guard let used = saved.lastUsedAt else { return .text("never opened", .muted) }
        let length = saved.lastSessionSeconds.map { ", \(TimeText.roughDuration($0))" } ?? ""
        let age = TimeText.age(of: used, now: now)
        return .text("last psql \(age == "now" ? "just now" : "\(age) ago")\(length)")
    }

    private var tags: DetailPart? {
        profile.tags.isEmpty ? nil : .text("tags \(profile.tags.prefix(50).joined(separator: ","))")
    }

    private var notes: [DetailPart?] {
        let note = profile.notes.prefix(200).split(whereSeparator: \.isNewline).first
        var used: DetailPart = .text("never opened", .muted)
        if let last = saved.lastUsedAt {
            let length = saved.lastSessionSeconds.map { " for \(TimeText.roughDuration($0))" } ?? ""
            used = .text("used \(saved.timesUsed)x, last \(model.clock.moment(last, now: now))\(length)")
        }
        return [note.map { .text(String($0)) }, tags, profile.group.map { .text("group \($0)") }, used]
    }

    /// As psql gets it, without what could hold a secret.
    /// The host stands above already: cut, so that what else is set finds room.
    private var conninfo: String {
        var conninfo = CopyState(profile: model.effective(profile)).conninfo
        conninfo["host"] = conninfo["host"].map { DisplayText.elided($0, to: 24) }
        return conninfo.keywordText
    }
}
