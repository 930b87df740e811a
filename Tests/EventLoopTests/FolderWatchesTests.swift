#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import EventLoop
import Synchronization
import TestSupport
import Testing
import Workers

/// Folders that are not there yet when the watch on them begins.
struct FolderWatchesTests {
    #if os(Linux)
    @Test func `what is written into folders that are being made is told, whenever they are made`() throws {
        for round in 0..<150 {
            let folder = try TemporaryFolder()
            let wanted = folder.file("sso/cache")
            var watches = FolderWatches([wanted])
            let made = Made()
            #expect(
                WorkerThread.start {
                    mkdir(folder.file("sso"), 0o700)
                    // The moments of one round are not those of the next.
                    for _ in 0..<(round * 20) where !made.isKnown { _ = getppid() }
                    mkdir(wanted, 0o700)
                    close(open(wanted + "/token", O_WRONLY | O_CREAT, 0o600))
                })
            let deadline = ContinuousClock.now + .seconds(60)
            while !made.isKnown {
                var set = watches.descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
                let left = deadline - .now
                guard left > .zero, poll(&set, nfds_t(set.count), Int32(left.components.seconds * 1000)) > 0
                else {
                    break
                }
                let changed = watches.drain(Set(set.filter { $0.revents != 0 }.map(\.fd)))
                if changed, access(wanted + "/token", F_OK) == 0 { made.known() }
            }
            try #require(made.isKnown, "round \(round)")
        }
    }
    #endif
}

/// Whether what was made has been told.
private final class Made: Sendable {
    private let state = Mutex(false)
    var isKnown: Bool { state.withLock { $0 } }
    func known() { state.withLock { $0 = true } }
}
