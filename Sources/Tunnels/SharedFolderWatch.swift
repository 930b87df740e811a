import CSystem
import Workers

/// Tells when something in a folder is made, written, removed, or closed after it was open for writing. Used by one thread
/// at a time.
final class SharedFolderWatch {
    /// Readable when there is something to look at; -1 where the system offers no such thing.
    let descriptor: Int32

    init(_ folder: String) {
        descriptor = csys_watch_folder(folder, 1)
    }

    deinit { Descriptors.close(descriptor) }

    /// Takes what it tells.
    ///
    /// - Returns: whether there was anything.
    func drain() -> Bool { Descriptors.drain(descriptor) }
}
