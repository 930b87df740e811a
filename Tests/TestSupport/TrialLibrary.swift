/// C files of Tests/Servers that stand in for functions of the system.
enum TrialLibrary {
    private static let folder = try? TemporaryFolder()

    /// - Returns: the library; nil where there is no C compiler.
    static func compiled(_ name: String) -> String? {
        guard let folder else { return nil }
        let path = folder.file("\(name).so")
        let made = try? ProgramRun(
            "/usr/bin/env",
            [
                "cc", "-shared", "-fPIC", "-o", path, "\(ProgramPath.repository)/Tests/Servers/\(name).c",
                "-ldl",
            ], environment: Python.environment)
        return made?.code == 0 ? path : nil
    }
}
