#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Workers

/// Watches on folders that may not be there yet: until then on what stands above them.
package struct FolderWatches {
    private struct Watched {
        /// The folder that matters.
        let wanted: String
        /// The nearest one that exists.
        var folder: String
        var watch: FolderWatch
    }

    private var watched: [Watched]

    package init(_ folders: [String]) {
        watched = folders.compactMap { wanted in
            Self.nearest(wanted).map { Watched(wanted: wanted, folder: $0.folder, watch: $0.watch) }
        }
    }

    package var descriptors: [Int32] { watched.map(\.watch.descriptor) }

    /// Takes in what happened to those folders whose descriptors are ready, and moves the watch down where a folder
    /// has been made.
    ///
    /// - Returns: whether anything that matters happened.
    package mutating func drain(_ ready: Set<Int32>) -> Bool {
        var changed = false
        for index in watched.indices where ready.contains(watched[index].watch.descriptor) {
            watched[index].watch.drain()
            let entry = watched[index]
            if entry.folder == entry.wanted {
                changed = true
            } else if Self.exists(Self.below(entry.folder, towards: entry.wanted)),
                let nearer = Self.nearest(entry.wanted)
            {
                // What else goes on above it is nobody's business.
                changed = changed || nearer.folder != entry.folder
                (watched[index].folder, watched[index].watch) = nearer
            }
        }
        return changed
    }

    /// The folder that has to be made next: to watch anew for every file beside it would cost the key loop
    /// milliseconds, as the system takes its time to end a watch.
    private static func below(_ folder: String, towards wanted: String) -> String {
        let rest = wanted.dropFirst(folder.count).drop { $0 == "/" }
        return "\(folder)/\(rest.prefix { $0 != "/" })"
    }

    private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static func nearest(_ wanted: String) -> (folder: String, watch: FolderWatch)? {
        var found = deepest(wanted)
        // What was made between the look at it and the watch above it was told to nobody.
        while let above = found, above.folder != wanted, exists(below(above.folder, towards: wanted)),
            let again = deepest(wanted), again.folder != above.folder
        {
            found = again
        }
        return found
    }

    private static func deepest(_ wanted: String) -> (folder: String, watch: FolderWatch)? {
        var folder = wanted[...]
        while !folder.isEmpty {
            let watch = FolderWatch(String(folder))
            if watch.descriptor >= 0 { return (String(folder), watch) }
            guard let slash = folder.lastIndex(of: "/") else { return nil }
            folder = folder[..<slash]
        }
        return nil
    }
}
