#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Workers

/// The start-up files of the user's own, which psql would read if it were not told to read pgfob's: `PSQLRC`, else
/// `~/.psqlrc`, and of each the one for psql's very version first (PostgreSQL documentation, "psql", "Files").
struct UserStartupFiles {
    let environment: [String: String]
    /// The psql that will read them.
    let psql: String

    /// The one that psql would read; none where there is none.
    func paths() -> [String] {
        let home = environment["HOME"] ?? ""
        var base = environment["PSQLRC"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(home)/.psqlrc"
        if base.hasPrefix("~/") { base = home + base.dropFirst() }
        guard base.hasPrefix("/") else { return isReadable(base) ? [base] : [] }
        var candidates = [base]
        // Which version it is has to be asked for, so only where it matters.
        if hasVersions(base), let version = version() {
            let major = version.prefix { $0 != "." }
            candidates = ["\(base)-\(version)", "\(base)-\(major)", base]
        }
        return candidates.first(where: isReadable).map { [$0] } ?? []
    }

    private func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }

    private func hasVersions(_ base: String) -> Bool {
        guard let slash = base.lastIndex(of: "/"), let handle = opendir(String(base[...slash])) else {
            return false
        }
        defer { closedir(handle) }
        let start = Array("\(base[base.index(after: slash)...])-".utf8)
        while let entry = readdir(handle) {
            let isVersion = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                bytes.starts(with: start) && (0x30...0x39).contains(bytes[start.count])
            }
            if isVersion { return true }
        }
        return false
    }

    /// `15.18` of `psql (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
    private func version() -> String? {
        let asked = HelperProcess(arguments: [psql, "--version"], environment: environment)
        let wait = Wait(deadline: .now + .seconds(2), cancellation: Cancellation())
        guard case .ended(0, let output, _) = asked.run(wait) else { return nil }
        return String(decoding: output, as: UTF8.self).split(separator: " ").map(String.init).first { word in
            word.first.map { ("0"..."9").contains($0) } ?? false
        }?.trimmingCharacters
    }
}

extension String {
    /// Without the line's end.
    fileprivate var trimmingCharacters: String { String(prefix { !$0.isNewline }) }
}
