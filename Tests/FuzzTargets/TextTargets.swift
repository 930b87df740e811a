import Formats
import Operations
import Postgres
import Profiles

/// What people paste, type and edit.
enum TextTargets {
    static func pasted(_ text: String) throws(FuzzTarget.Broken) {
        switch PastedText.read(text) {
        case .conninfo(let conninfo):
            guard let settings = try? PastedConninfo.settings(of: conninfo) else { return }
            var profile = Profile()
            _ = profile.apply(settings: settings)
            for keyword in profile.parameters.keys {
                try FuzzTarget.check(!Parameters.secret.contains(keyword), "keeps \(keyword)")
            }
        case .token(let fields):
            var profile = Profile()
            guard (try? profile.apply(token: fields)) != nil else { return }
            try FuzzTarget.check(
                profile.auth == .iam && !profile.host.isEmpty && profile.awsProfile?.hasPrefix("-") != true,
                "takes \(fields)")
        case .endpoint(let host, let port):
            try FuzzTarget.check(
                !host.isEmpty && !host.hasPrefix("-"), "the host is \(host.debugDescription)")
            try FuzzTarget.check(port.map { (1...65_535).contains($0) } ?? true, "the port is \(port ?? 0)")
        case .unrecognised: break
        }
    }

    /// What pgfob reads of keyword=value text, libpq reads of it, too, and the other way round.
    static func conninfo(_ text: String) throws(FuzzTarget.Broken) {
        guard !text.utf8.contains(0) else { return }
        let ours = Conninfo.read(text)
        guard let theirs = try? ConninfoParser.parse(text), !text.contains("://"), let ours else { return }
        for (keyword, value) in theirs.settings {
            let last = ours.last { $0.keyword == keyword }?.value
            try FuzzTarget.check(
                last == value,
                "\(keyword) is \(value.debugDescription) to libpq, \(last.debugDescription) to pgfob")
        }
        let printed = Conninfo(theirs.settings.sorted { $0.key < $1.key }).keywordText
        let again = try? ConninfoParser.parse(printed)
        try FuzzTarget.check(again?.settings == theirs.settings, "libpq reads another thing of \(printed)")
    }

    static func filter(_ text: String) throws(FuzzTarget.Broken) {
        let filter = ProfileFilter(text)
        try FuzzTarget.check(filter == ProfileFilter(text), "the same text makes two filters")
    }

    /// A profile that was edited as TOML is the same when it is edited once more.
    static func edited(_ text: String) throws(FuzzTarget.Broken) {
        guard case .profile(let profile, let unknown) = ProfileTOML.read(text, base: Profile()) else {
            return
        }
        let written = ProfileTOML.write(
            profile, unknown: unknown.filter { $0.contains("=") && !$0.contains("\"\"\"") })
        guard case .profile(let back, _) = ProfileTOML.read(written, base: profile) else {
            if unknown.isEmpty { throw FuzzTarget.Broken(what: "is not read back: \(written)") }
            return
        }
        for field in ProfileField.allCases {
            try FuzzTarget.check(
                back.text(of: field) == profile.text(of: field), "\(field) comes back otherwise")
        }
    }
}
