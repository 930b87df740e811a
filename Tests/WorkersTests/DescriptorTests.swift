#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Synchronization
import Testing
import Workers

@Suite(.timeLimit(.minutes(14)))
struct DescriptorTests {
    private final class Made: Sendable {
        let inodes = Mutex<Set<UInt>>([])
        let isOver = Atomic(false)
    }

    #if os(Linux)
    @Test func `no program inherits a pipe that was made as it started`() throws {
        let (made, done) = (Made(), try #require(Gate()))
        #expect(
            WorkerThread.start {
                while !made.isOver.load(ordering: .relaxed) {
                    guard let (reader, writer) = Descriptors.pipe() else { continue }
                    var status = stat()
                    fstat(reader, &status)
                    made.inodes.withLock { _ = $0.insert(UInt(status.st_ino)) }
                    Descriptors.close(reader)
                    Descriptors.close(writer)
                }
                done.open()
            })
        let wait = Wait(deadline: .now + .seconds(600), cancellation: Cancellation())
        var seen: Set<UInt> = []
        for _ in 0..<200 {
            let program = HelperProcess(arguments: ["/bin/ls", "-l", "/proc/self/fd"], environment: [:])
            guard case .ended(0, let output, _) = program.run(wait) else {
                Issue.record("ls did not run")
                break
            }
            for word in String(decoding: output, as: UTF8.self).split(whereSeparator: \.isWhitespace)
            where word.hasPrefix("pipe:[") {
                if let number = UInt(word.dropFirst(6).dropLast()) { seen.insert(number) }
            }
        }
        made.isOver.store(true, ordering: .relaxed)
        #expect(done.wait(wait) == .ready)
        #expect(made.inodes.withLock { $0.intersection(seen) } == [])
    }
    #endif
}
