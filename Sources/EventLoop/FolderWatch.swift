#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem

/// Tells when a folder changes: another program has written there.
struct FolderWatch {
    /// What `poll` watches; -1 where the system offers nothing to watch with, or the folder is not there.
    let descriptor: Int32

    init(folder: String) {
        descriptor = csys_watch_folder(folder, 0)
    }

    /// A watch on the folder of a file.
    init(folderOf path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        self.init(folder: folder.isEmpty ? "/" : folder)
    }

    /// Stops watching.
    func end() { close(descriptor) }

    /// Takes the events that wait; what they say does not matter.
    func drain() {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while read(descriptor, &bytes, bytes.count) > 0 {}
    }
}
