#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Profiles

/// psql's histories, one for each profile: what was typed on one server is not offered on another.
struct HistoryFolder {
    private let path: String

    init(_ stateFolder: String) {
        path = "\(stateFolder)/history"
    }

    /// The profile's file in a folder that only its owner reads; nil where the folder cannot be had, and psql keeps
    /// its own then.
    func file(of profile: Profile) -> String? {
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        guard access(path, W_OK | X_OK) == 0 else { return nil }
        return "\(path)/\(profile.id.uuidString.lowercased())"
    }
}
