#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What lies in a folder, for the completion of paths.
package enum FolderNames {
    /// More than anyone reads.
    private static let limit = 2000

    /// The names in a folder in order, those of folders with a slash at their end; none where it cannot be read.
    ///
    /// - Parameters:
    ///   - path: `~/` begins in the home folder; the empty path is the current folder.
    ///   - home: the home folder; nil leaves a tilde as it is.
    package static func list(_ path: String, _ home: String?) -> [String] {
        let folder = path.isEmpty ? "." : TextFile.expanded(path, home)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().prefix(limit).map { name in
            var isFolder = false
            let isThere = FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
            return isThere && isFolder ? name + "/" : name
        }
    }
}
