#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem

/// Tells when the store's folder changes: another pgfob or the command line has written.
struct StoreWatch {
    /// What `poll` watches; -1 where the system offers nothing to watch with.
    let descriptor: Int32

    init(storePath: String) {
        let folder = storePath.lastIndex(of: "/").map { String(storePath[..<$0]) } ?? "."
        descriptor = csys_watch_folder(folder.isEmpty ? "/" : folder)
    }

    /// Takes the events that wait; what they say does not matter.
    func drain() {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while read(descriptor, &bytes, bytes.count) > 0 {}
    }
}
