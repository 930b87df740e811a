#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Synchronization

extension Crew {
    private final class Results<Value: Sendable>: Sendable {
        let values: Mutex<[Value?]>
        init(_ count: Int) { values = Mutex(Array(repeating: nil, count: count)) }
    }

    /// Runs jobs and blocks the caller, who is none of the crew, until all have ended.
    ///
    /// - Returns: what each of them came to, in their order.
    package func all<Value: Sendable>(_ jobs: [@Sendable () -> Value]) -> [Value] {
        guard let (reader, writer) = Descriptors.pipe() else { return jobs.map { $0() } }
        defer {
            Descriptors.close(reader)
            Descriptors.close(writer)
        }
        let results = Results<Value>(jobs.count)
        for (index, job) in jobs.enumerated() {
            submit {
                let value = job()
                results.values.withLock {
                    $0[index] = value
                    // Within the lock: the caller closes the pipe as soon as it has seen the last value.
                    Descriptors.writeByte(writer)
                }
            }
        }
        while true {
            let values = results.values.withLock { $0 }
            let done = values.compactMap { $0 }
            if done.count == jobs.count { return done }
            var set = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
            poll(&set, 1, 1000)
            var bytes = [UInt8](repeating: 0, count: 256)
            _ = read(reader, &bytes, bytes.count)
        }
    }
}
