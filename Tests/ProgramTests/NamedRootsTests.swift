import TestSupport
import Testing

/// Files of root certificates that somebody has named: what is wrong with them is told, and nothing waits at a pipe.
@Suite(.timeLimit(.minutes(14)))
struct NamedRootsTests {
    let home: ProgramHome

    init() throws { home = try ProgramHome() }

    private func pipe() throws -> String {
        let path = home.folder.file("pipe")
        #expect(try ProgramRun("/usr/bin/mkfifo", [path], environment: [:]).code == 0)
        return path
    }

    private func doctor(_ more: [String: String]) throws -> String? {
        let run = try home.pgfob(["doctor"], more: more)
        return run.output.split(separator: "\n").first { $0.contains("  aws roots ") }.map(String.init)
    }

    @Test func `the doctor names roots for AWS that are missing, of another kind or no certificates`() throws
    {
        try home.folder.write("no certificate\n", to: "words.pem")
        #expect(try doctor([:]) == nil)
        for (path, words) in [
            (home.folder.file("gone.pem"), "No such file"), (home.folder.file("words.pem"), "cannot be read"),
            (try pipe(), "is no file but a pipe"),
        ] {
            let line = try doctor(["AWS_CA_BUNDLE": path])
            #expect(
                line?.hasPrefix("warning  aws roots    AWS_CA_BUNDLE: the CA bundle \(path) ") == true,
                "\(line ?? "")")
            #expect(line?.contains(words) == true, "\(line ?? "")")
        }
        try home.folder.write(
            "[profile acme]\nca_bundle = ~/gone.pem\n[profile other]\nca_bundle = ~/gone.pem\n", to: "config")
        let named = ["AWS_CONFIG_FILE": home.folder.file("config"), "HOME": home.folder.path]
        let line = try doctor(named)
        #expect(
            line?.hasPrefix(
                "warning  aws roots    ca_bundle of AWS profile acme: the CA bundle \(home.folder.file("gone.pem")) "
            )
                == true, "\(line ?? "")")
        // What the environment names stands in its place.
        #expect(
            try doctor(named.merging(["AWS_CA_BUNDLE": home.folder.file("words.pem")]) { $1 })?.contains(
                "acme")
                == false)
    }

    @Test(.enabled(if: TrialAuthority.openssl != nil, "openssl is not installed"))
    func `good roots for AWS are told with who names them`() throws {
        let authority = try TrialAuthority("Web", in: home.folder)
        let line = try doctor(["AWS_CA_BUNDLE": authority.roots])
        #expect(line == "ok       aws roots    \(authority.roots), by AWS_CA_BUNDLE")
    }

    @Test func `a pipe for a profile's roots is told by whatever reads it, with what to do`() throws {
        let path = try pipe()
        let added = try home.pgfob(
            "add", "--name", "x", "--host", "x.example", "--auth", "none", "--user", "u", "--sslrootcert",
            path)
        #expect(
            added.code == 0 && added.errors.contains("\"\(path)\" is no file but a pipe"), "\(added.errors)")
        let test = try home.pgfob("test", "x")
        #expect(test.output.contains("sslrootcert \(path) is no file but a pipe"), "\(test.output)")
        #expect(test.output.contains("put what it gives into a file"), "\(test.output)")
        for words in [["connect", "x"], ["exec", "x", "--", "true"], ["run", "x", "-c", "SELECT 1"]] {
            let run = try home.pgfob(words)
            #expect(run.code != 0 && run.errors.contains("\(path) is no file but a pipe"), "\(words): \(run)")
        }
        let status = try home.pgfob("ca", "status")
        #expect(status.output.contains("it is no file but a pipe"), "\(status.output)")
    }
}
