#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Workers

/// Finds the psql to run: the one that the user named, else the real binary and not a distribution's wrapper.
///
/// Debian's `/usr/bin/psql` is a Perl script that reads files of its own and costs some 25 ms; the binary
/// lies in a folder per version.
package struct PsqlLocator {
    private let environment: [String: String]
    private let named: String?

    /// - Parameters:
    ///   - environment: for `PATH`.
    ///   - named: the path or the name that the settings give, if any.
    package init(environment: [String: String], named: String?) {
        self.environment = environment
        self.named = named
    }

    /// The path of the psql to run.
    ///
    /// - Throws: ``Refusal`` where there is none, with what to install or to set.
    package func locate() throws(Refusal) -> String {
        if let named {
            if named.contains("/") {
                if ProgramFinder.isExecutable(named) { return named }
            } else if let found = inPath(named).first {
                return found
            }
            let isThere = named.contains("/") && access(named, F_OK) == 0
            throw Refusal(
                isThere ? .programNotRunnable : .programNotFound,
                "psql = \"\(named)\" in config.toml cannot be run",
                do: "correct the path, or remove the line to let pgfob look for psql")
        }
        if let versioned = Self.versioned().first { return versioned }
        let candidates = inPath("psql")
        if let real = candidates.first(where: { !Self.isScript($0) }) ?? candidates.first { return real }
        throw Refusal(
            .programNotFound, "psql was not found",
            do: "install postgresql-client, or set psql in config.toml")
    }

    private func inPath(_ name: String) -> [String] { ProgramFinder(environment: environment).all(name) }

    /// The binaries in folders per version, the newest first: Debian's layout, the PGDG RPMs', Homebrew's.
    private static func versioned() -> [String] {
        let layouts: [(folder: String, prefix: String)] = [
            ("/usr/lib/postgresql", ""), ("/usr", "pgsql-"), ("/opt/homebrew/opt", "postgresql@"),
        ]
        for layout in layouts {
            let versions = children(of: layout.folder).compactMap { name -> Int? in
                name.hasPrefix(layout.prefix) ? Int(name.dropFirst(layout.prefix.count)) : nil
            }
            let found = versions.sorted(by: >)
                .map { "\(layout.folder)/\(layout.prefix)\($0)/bin/psql" }
                .filter(ProgramFinder.isExecutable)
            if !found.isEmpty { return found }
        }
        return []
    }

    private static func children(of folder: String) -> [String] {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return names
    }

    private static func isScript(_ path: String) -> Bool {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        var start: [UInt8] = [0, 0]
        return read(file, &start, 2) == 2 && start == [0x23, 0x21]
    }
}
