#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The python3 that oracles and local AWS endpoints run in, with the packages that `Tests/install` sees to.
package enum Python {
    /// `PGFOB_TEST_PYTHON` names another than that of PATH, of a venv for instance.
    package static var program: String { variable("PGFOB_TEST_PYTHON") ?? "python3" }

    /// What it sees: nothing of the user's AWS set-up.
    package static var environment: [String: String] {
        ["PATH": variable("PATH") ?? "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"]
    }

    /// Whether botocore is here, an oracle for all that this package does with AWS.
    package static let hasBotocore = has("botocore")
    /// Whether moto's server is here, which answers STS, RDS and IMDS, and verifies signatures.
    package static let hasMoto = has("moto.server")

    /// pgcli, where `Tests/install` has seen to it.
    package static var pgcli: String? { variable("PGFOB_TEST_PGCLI") }

    private static func has(_ module: String) -> Bool {
        let run = try? ProgramRun(
            "/usr/bin/env", [program, "-c", "import \(module)"], environment: environment)
        return run?.code == 0
    }

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}
