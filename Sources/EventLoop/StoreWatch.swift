#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Profiles
import Workers

/// Says when to look whether another program has written into the store.
///
/// SQLite tells its readers of a commit in memory that they share, a moment after it has written the file that can be
/// watched (SQLite documentation, "WAL-mode File Format"): who looks at once finds nothing new, and nothing more would
/// wake him. So each change is followed by some later looks.
struct StoreWatch {
    /// After a change of the file, in seconds.
    private static let delays = [0.03, 0.2, 1]

    private let watch: FolderWatch
    private var looks: [Date] = []

    init(storePath: String) { watch = FolderWatch(FilePath.folder(of: storePath)) }

    /// What `poll` watches; nil where the system offers nothing.
    var descriptor: Int32? { watch.descriptor >= 0 ? watch.descriptor : nil }

    /// When to look next; nil where nothing has changed.
    var due: Date? { looks.first }

    /// Takes in that time has passed or the folder has changed.
    ///
    /// - Returns: whether to look now.
    mutating func takes(_ ready: Set<Int32>, at now: Date) -> Bool {
        if let descriptor, ready.contains(descriptor) {
            watch.drain()
            looks = Self.delays.map { now.addingTimeInterval($0) }
            return true
        }
        guard let due, due <= now else { return false }
        looks.removeAll { $0 <= now }
        return true
    }
}
