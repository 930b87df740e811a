import Formats
import Operations
import Postgres
import Profiles

/// Files of profiles: what comes in can be saved, shown on one line and written out again, and is the same then.
enum FileTargets {
    private static let keywords = ConninfoParser.knownKeywords()

    static let maker = ProfileMaker(knownKeywords: keywords) { text in
        do throws(Refusal) { return .success(try PastedConninfo.settings(of: text)) } catch {
            return .failure(.init("libpq does not read it: \(error.remedy)"))
        }
    }

    static func take(_ bytes: [UInt8], as named: ImportFormat?) throws(FuzzTarget.Broken) {
        guard let text = try? PlainText.decode(bytes) else { return }
        guard let format = named ?? ImportFormat.detect(text) else { return }
        let reading = format.read(text, maker: maker, knownKeywords: keywords)
        for draft in reading.drafts { try judge(draft.profile, format) }
        for line in reading.problems + reading.notes + reading.drafts.flatMap(\.notes) {
            try FuzzTarget.check(
                !line.unicodeScalars.contains { $0.value < 0x20 }, "said: \(line.debugDescription)")
        }
    }

    private static func judge(_ profile: Profile, _ format: ImportFormat) throws(FuzzTarget.Broken) {
        let problems = profile.problems().filter { $0.severity == .error }
        try FuzzTarget.check(problems.isEmpty, "comes in with \(problems)")
        for field in [ProfileField.name, .group, .environment, .tags, .host, .user, .database] {
            let text = profile.text(of: field)
            try FuzzTarget.check(
                LabelSyntax.isFit(text),
                "\(field) is \(text.debugDescription)")
        }
        for keyword in profile.parameters.keys {
            try FuzzTarget.check(!Parameters.secret.contains(keyword), "keeps \(keyword)")
        }
        for (name, back) in [
            ("JSON", ProfileJSON.read(ProfileJSON.export(profile)).profiles.first),
            ("CSV", again(profile, .csv)), ("URI", again(profile, .uri)), ("psql", again(profile, .psql)),
            ("service", again(profile, .service)), ("pgAdmin", again(profile, .pgadmin)),
        ] {
            for field in ProfileField.allCases {
                let (was, has) = (profile.text(of: field), back?.text(of: field))
                try FuzzTarget.check(
                    was == has,
                    "\(name): \(field) \(was.debugDescription) comes back as \(has.debugDescription)")
            }
        }
    }

    private static func again(_ profile: Profile, _ format: ExportFormat) -> Profile? {
        let text = ProfileWriter(maker: maker).text(of: [profile], as: format)
        return format.imported.read(text, maker: maker, knownKeywords: keywords).drafts.first?.profile
    }
}
