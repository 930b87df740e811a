/// A resolver of a test's own, Tests/Servers/names.c, to be preloaded into the program under test.
package enum TrialResolver {
    private static let folder = try? TemporaryFolder()

    /// The library, compiled once; nil where there is no C compiler.
    package static let library: String? = {
        guard let folder else { return nil }
        let path = folder.file("names.so")
        let made = try? ProgramRun(
            "/usr/bin/env",
            [
                "cc", "-shared", "-fPIC", "-o", path, "\(ProgramPath.repository)/Tests/Servers/names.c",
                "-ldl",
            ], environment: Python.environment)
        return made?.code == 0 ? path : nil
    }()
}
