import CSystem

/// Tells when something in a folder is written, made, moved or removed. Used by one thread at a time; ends with its owner.
/// The corresponding C function is `inotify_add_watch`.
package final class FolderWatch {
    /// Readable when there is something to look at, and does not block; -1 where the system offers nothing to watch with, or
    /// the folder is not there.
    package let descriptor: Int32

    /// - Parameter closes: whether a file is told of as well that was open for writing and is not any more.
    package init(_ folder: String, closes: Bool = false) {
        descriptor = csys_watch_folder(folder, closes ? 1 : 0)
    }

    deinit { Descriptors.close(descriptor) }

    /// Takes what it tells; what that says does not matter.
    ///
    /// - Returns: whether there was anything.
    @discardableResult package func drain() -> Bool { Descriptors.drain(descriptor) }
}
