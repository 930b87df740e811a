import Profiles

/// Makes profiles of what other programs' files describe, by the same rules for all formats.
package struct ProfileMaker: Sendable {
    /// What libpq says of a URI or of keyword=value text: its keywords and values, secrets left empty.
    package typealias Parser = @Sendable (String) -> Result<[String: String], Complaint>

    /// libpq's complaint about a text; never the text itself.
    package struct Complaint: Error, Sendable, Hashable {
        package var text: String
        package init(_ text: String) { self.text = text }
    }

    private let parse: Parser
    /// What the loaded libpq knows; empty where there is none.
    let knownKeywords: Set<String>

    package init(knownKeywords: Set<String>, parse: @escaping Parser) {
        self.knownKeywords = knownKeywords
        self.parse = parse
    }

    /// All that a file held; what is wrong with one entry keeps only that one out.
    package func profiles(of reading: ForeignReading) -> ImportReading {
        var result = ImportReading()
        result.problems = reading.problems
        result.notes = reading.notes
        for entry in reading.entries {
            do throws(Complaint) {
                for single in try split(entry) { result.drafts.append(try draft(of: single)) }
            } catch {
                let name = entry.name.map { " (\(DialAddress.shown($0)))" } ?? ""
                result.problems.append("\(entry.place)\(name): \(error.text)")
            }
        }
        return result
    }

    // MARK: One entry

    /// One entry for each host of a list (PostgreSQL documentation, "Specifying Multiple Hosts").
    private func split(_ entry: ForeignEntry) throws(Complaint) -> [ForeignEntry] {
        var whole = entry
        if let text = entry.conninfo {
            var settings = try parse(text).get()
            for (keyword, value) in entry.settings { settings[keyword] = value }
            (whole.settings, whole.conninfo) = (settings, nil)
        }
        let hosts = list(whole.settings["host"])
        guard hosts.count > 1 else { return [whole] }
        let (ports, addresses) = (list(whole.settings["port"]), list(whole.settings["hostaddr"]))
        guard ports.count <= 1 || ports.count == hosts.count else {
            throw Complaint("\(hosts.count) hosts and \(ports.count) ports: give one port, or one for each")
        }
        return hosts.enumerated().map { index, host in
            var single = whole
            single.settings["host"] = host
            single.settings["port"] = ports.count > 1 ? ports[index] : ports.first
            single.settings["hostaddr"] =
                addresses.count == hosts.count ? addresses[index] : addresses.count == 1 ? addresses[0] : nil
            single.name = whole.name.map { index == 0 ? $0 : "\($0) (\(index + 1))" }
            single.remarks.append("one of \(hosts.count) hosts: a profile has one")
            return single
        }
    }

    private func list(_ text: String?) -> [String] {
        text.map { $0.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingBlanks() } }
            ?? []
    }

    private func draft(of entry: ForeignEntry) throws(Complaint) -> ImportReading.Draft {
        var profile = Profile()
        var notes = entry.remarks
        var settings = entry.settings.filter { !$0.value.isEmpty || Parameters.secret.contains($0.key) }
        if settings["host"] == nil, let address = settings["hostaddr"] {
            settings["host"] = address
            settings["hostaddr"] = nil
        }
        notes += WrittenHost.settle(&settings)
        do throws(FieldProblem) { try profile.judge(placeIn: settings) } catch {
            throw Complaint("\(error.field.rawValue) \(error.message)")
        }
        for keyword in settings.keys.sorted() where !knownKeywords.isEmpty && !knownKeywords.contains(keyword)
        {
            notes.append("\(DialAddress.shown(keyword)) left out: libpq does not know it")
            settings[keyword] = nil
        }
        // What pgfob itself wrote beside it is set below, as it was.
        if entry.fields[ProfileField.sslmode.rawValue] != nil { settings["sslmode"] = nil }
        let hadPassfile = settings["passfile"] != nil
        // By it what is said is told from what is left to the service.
        let isService = entry.auth == .service || entry.fields["auth"] == Authentication.service.rawValue
        if isService { profile.auth = .service }
        notes += profile.apply(settings: settings)
        take(entry, &profile, &notes)
        profile.auth =
            entry.auth ?? (profile.auth == .service ? .service : nil)
            ?? (hadPassfile ? .pgpass : Self.usualAuth(profile))
        if !entry.signer.isEmpty {
            do throws(FieldProblem) { try profile.apply(signer: entry.signer) } catch {
                notes.append("\(error.field.rawValue) left out: \(error.message)")
            }
        }
        for (name, text) in entry.fields.sorted(by: { $0.key < $1.key }) {
            guard let field = ProfileField(rawValue: name) else {
                notes.append("unknown field \"\(DialAddress.shown(name))\" left out")
                continue
            }
            var text = text
            if Self.texts.contains(field) { text = Self.withoutSecret(text, "the \(name)", &notes) }
            if Self.labels.contains(field), !LabelSyntax.isFit(text) {
                text = field == .tags ? LabelSyntax.fit(text) : Self.cleaned(text, limit: 100)
                notes.append("the \(name) made fit to be shown on one line")
            }
            do throws(FieldProblem) { try profile.set(field, to: text) } catch {
                notes.append("\(name) left out: \(error.message)")
            }
        }
        let isTunnelled = profile.tunnel != nil && profile.sslmode < .verifyFull
        if isTunnelled || (profile.auth == .iam && !profile.sslmode.insistsOnTLS) {
            let why =
                isTunnelled ? "a tunnel's far end could be anybody" : "a token is never sent without TLS"
            notes.append("sslmode \(profile.sslmode.rawValue) not taken: \(why)")
            profile.sslmode = .verifyFull
        }
        if profile.name.isEmpty { profile.name = profile.suggestedName }
        if let problem = profile.problems().first(where: { $0.severity == .error }) {
            throw Complaint("\(problem.field.rawValue) \(problem.message)")
        }
        if let lacking = profile.lacking { notes.append("\(lacking.field.rawValue) \(lacking.message)") }
        return ImportReading.Draft(
            profile: profile, place: entry.place, notes: notes,
            isNamed: entry.name?.isEmpty == false || entry.fields["name"] != nil)
    }

    private static func usualAuth(_ profile: Profile) -> Authentication {
        HostName(profile.host).isSignable && profile.user != nil ? .iam : .password
    }

    /// What people read, and what is made fit for that rather than refused.
    static let labels: Set<ProfileField> = [.name, .group, .environment, .tags]

    /// What people write as they like: a secret in it is blanked out rather than refused.
    static let texts = labels.union([.notes, .applicationName])

    /// A text of a file without the secrets in it, which is said.
    static func withoutSecret(_ text: String, _ what: String, _ notes: inout [String]) -> String {
        let clean = SecretText.redacted(text)
        if clean != text { notes.append("a secret in \(what) dropped: pgfob stores none") }
        return clean
    }

    /// The labels; what would break a line or turn its direction goes, and is said.
    private func take(_ entry: ForeignEntry, _ profile: inout Profile, _ notes: inout [String]) {
        func cleaned(_ text: String?, _ limit: Int, _ what: String) -> String? {
            guard let text else { return nil }
            let free = Self.withoutSecret(text, what, &notes)
            let clean = Self.cleaned(free, limit: limit)
            if clean != free.trimmingBlanks() { notes.append("\(what) made fit to be shown on one line") }
            return clean.isEmpty ? nil : clean
        }
        profile.name = cleaned(entry.name, 100, "the name") ?? ""
        profile.group = cleaned(entry.group, 100, "the group")
        profile.environment = cleaned(entry.environment, 40, "the environment").flatMap { Environment($0) }
        for tag in entry.tags {
            let word = Self.cleaned(Self.withoutSecret(tag, "a tag", &notes), limit: 60).split {
                $0.isWhitespace || $0 == ","
            }
            .joined(separator: "-")
            if !word.isEmpty, !profile.tags.contains(word) { profile.tags.append(word) }
        }
        let remarks = Self.withoutSecret(entry.notes, "the notes", &notes)
        do throws(FieldProblem) { try profile.set(.notes, to: remarks) } catch {
            notes.append("notes left out: \(error.message)")
        }
    }

    /// A label without control characters and without those that change the direction of a line, cut to a number of
    /// bytes, and not to be taken for an option.
    static func cleaned(_ text: String, limit: Int) -> String {
        var result = ""
        var wasBlank = true
        for character in text {
            var kept = String.UnicodeScalarView()
            for scalar in character.unicodeScalars where !LabelSyntax.isUnfit(scalar) { kept.append(scalar) }
            let isBlank = kept.isEmpty ? true : character.isWhitespace
            if isBlank, wasBlank { continue }
            wasBlank = isBlank
            let next = isBlank ? " " : String(kept)
            guard result.utf8.count + next.utf8.count <= limit else { break }
            result += next
        }
        return String(result.trimmingBlanks().drop { $0 == "-" }).trimmingBlanks()
    }
}
