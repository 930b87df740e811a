#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Operations

/// The user's home folder, for this program and whatever it starts or loads: all of them go by HOME.
enum HomeFolder {
    /// HOME where it is absolute, else what the system knows of the user; nil where that is nothing. The current folder
    /// is never taken for it: its settings would name the psql that is run.
    static func settle(_ environment: inout [String: String]) -> Bool {
        if environment["HOME"]?.hasPrefix("/") == true { return true }
        guard let home = ofSystem else { return false }
        // No other thread runs yet.
        setenv("HOME", home, 1)
        environment["HOME"] = home
        return true
    }

    static var missing: Refusal {
        Refusal(
            .usage,
            "there is no home folder: HOME is not set, and the system has none for the user \(getuid())",
            do: "set HOME to an absolute path")
    }

    /// The corresponding C function is `getpwuid_r`.
    private static var ofSystem: String? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard getpwuid_r(getuid(), &entry, &buffer, buffer.count, &found) == 0, found != nil,
            let folder = entry.pw_dir
        else { return nil }
        let home = String(cString: folder)
        return home.hasPrefix("/") ? home : nil
    }
}
