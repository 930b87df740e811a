/// A certificate authority of a test's own, made with OpenSSL's command, and certificates with any dates.
package struct TrialAuthority {
    package static let openssl: String? = ["/usr/bin/openssl", "/opt/homebrew/bin/openssl"].first {
        (try? ProgramRun($0, ["version"], environment: [:]))?.code == 0
    }

    package struct Failure: Error { var errors: String }

    private let folder: TemporaryFolder
    private let name: String
    package var roots: String { folder.file("\(name).pem") }

    /// - Parameter until: when the root ends, `YYYYMMDDHHMMSSZ`; in ten years where nil.
    package init(_ name: String, in folder: TemporaryFolder, until: String? = nil) throws {
        self.folder = folder
        self.name = name
        let settings = """
            [ca]
            default_ca = d
            [d]
            database = \(folder.file("\(name).index"))
            serial = \(folder.file("\(name).serial"))
            new_certs_dir = \(folder.path)
            default_md = sha256
            policy = p
            copy_extensions = copy
            unique_subject = no
            [p]
            commonName = supplied
            [root]
            basicConstraints = critical,CA:TRUE
            """
        try folder.write(settings, to: "\(name).cnf")
        try folder.write("", to: "\(name).index")
        try folder.write("01\n", to: "\(name).serial")
        try run([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650",
            "-keyout", folder.file("\(name).key"), "-out", roots, "-subj", "/CN=\(name)",
        ])
        guard let until else { return }
        let request = folder.file("\(name).csr")
        try run([
            "req", "-new", "-key", folder.file("\(name).key"), "-out", request, "-subj", "/CN=\(name)",
        ])
        try run([
            "ca", "-batch", "-notext", "-selfsign", "-config", folder.file("\(name).cnf"), "-extensions",
            "root",
            "-keyfile", folder.file("\(name).key"), "-in", request, "-out", roots, "-startdate",
            "20200101000000Z", "-enddate", until,
        ])
    }

    /// A server's certificate; key and certificate are in the two files.
    ///
    /// - Parameters:
    ///   - from: `YYYYMMDDHHMMSSZ`, as is `until`.
    ///   - usage: the certificate's extendedKeyUsage; none where nil.
    package func issue(_ host: String, from: String, until: String, usage: String? = nil) throws -> (
        certificate: String, key: String
    ) {
        let (certificate, key) = (folder.file("\(name)-leaf.pem"), folder.file("\(name)-leaf.key"))
        let request = folder.file("\(name)-leaf.csr")
        try run(
            [
                "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
                "-out",
                request,
                "-subj", "/CN=leaf", "-addext", "subjectAltName=DNS:\(host)",
            ] + (usage.map { ["-addext", "extendedKeyUsage=\($0)"] } ?? []))
        try run([
            "ca", "-batch", "-notext", "-config", folder.file("\(name).cnf"), "-cert", roots, "-keyfile",
            folder.file("\(name).key"), "-in", request, "-out", certificate, "-startdate", from, "-enddate",
            until,
        ])
        return (certificate, key)
    }

    private func run(_ arguments: [String]) throws {
        let done = try ProgramRun(Self.openssl ?? "openssl", arguments, environment: ["HOME": folder.path])
        guard done.code == 0 else { throw Failure(errors: done.errors) }
    }
}
