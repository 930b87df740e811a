#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A thread of the operating system that may block: libpq, name resolution and files do.
///
/// Swift's own executor has a thread per core and starves when they block.
package enum WorkerThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Lets the program's other threads go first from now on: what this one does may wait, a key may not.
    ///
    /// The corresponding C function is `setpriority`, which is for the calling thread on Linux alone; elsewhere nothing
    /// happens.
    static func standBack() {
        #if canImport(Glibc)
        _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, 10)
        #endif
    }

    /// Does nothing for so long, or less where a signal comes. The corresponding C function is `poll`.
    static func nap(_ time: Duration) { poll(nil, 0, Int32(time.milliseconds)) }

    /// How many threads of this machine run or could; nil where the system does not tell (proc(5), "/proc/loadavg").
    static var ready: Int? {
        let file = open("/proc/loadavg", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { Descriptors.close(file) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = max(0, read(file, &bytes, bytes.count))
        let words = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ")
        return words.count > 3 ? words[3].split(separator: "/").first.flatMap { Int($0) } : nil
    }

    /// How many processors there are for this program. The corresponding C function is `sysconf`.
    package static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Starts a detached thread.
    ///
    /// The corresponding C function is `pthread_create`.
    ///
    /// - Returns: false where the system has no thread left; nothing runs then.
    package static func start(_ run: @escaping @Sendable () -> Void) -> Bool {
        let body = Unmanaged.passRetained(Body(run))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        defer { pthread_attr_destroy(&attributes) }
        #if canImport(Glibc)
        var thread = pthread_t()
        let failure = pthread_create(
            &thread, &attributes,
            { argument in
                argument.map { Unmanaged<Body>.fromOpaque($0).takeRetainedValue().run() }
                return nil
            }, body.toOpaque())
        #else
        var thread: pthread_t?
        let failure = pthread_create(
            &thread, &attributes,
            { argument in
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        #endif
        if failure != 0 { body.release() }
        return failure == 0
    }
}
