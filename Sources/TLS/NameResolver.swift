#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import Diagnosis
import Synchronization
import Workers

/// Names to addresses without ever blocking past a deadline.
///
/// `getaddrinfo` blocks as long as the system's resolver likes and cannot be cancelled, so it runs on a thread of
/// its own; who asked leaves when the time is up, and the late answer is dropped.
package enum NameResolver {
    package enum Resolution: Sendable {
        /// In the system's order; the canonical name where it is another than the one asked for.
        case addresses([ResolvedAddress], canonical: String?)
        case failed(NetworkFault, text: String)
        case timedOut
        case cancelled
    }

    /// What the two threads share.
    private final class Answer<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
        let reader: Int32
        let writer: Int32

        init?() {
            guard let (reader, writer) = Descriptors.pipe() else { return nil }
            (self.reader, self.writer) = (reader, writer)
        }

        deinit {
            Descriptors.close(reader)
            Descriptors.close(writer)
        }
    }

    package static func resolve(_ name: String, wait: Wait) -> Resolution {
        switch onThread(wait, { lookUp(name, flags: AI_CANONNAME) }) {
        case .answer(let resolution): resolution
        case .ended(.cancelled): .cancelled
        case .ended: .timedOut
        case .impossible(let text): .failed(.nameTemporary, text: text)
        }
    }

    /// The names that a name is an alias of (CNAME), from the first to the one that has the address; none where
    /// nobody answers in time.
    ///
    /// - Parameter server: stands in for those of resolv.conf: an IPv4 address and a port.
    package static func aliases(
        of name: String, server: (address: String, port: Int)? = nil, wait: Wait
    ) -> [String] {
        let outcome = onThread(wait) {
            var names = [CChar](repeating: 0, count: 16_384)
            let count = csys_aliases(
                name, server?.address, Int32(server?.port ?? 0), &names, Int32(names.count))
            guard count > 0 else { return [String]() }
            return String(decoding: names.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                .split(separator: "\n").map(String.init)
        }
        guard case .answer(let names) = outcome else { return [] }
        return names
    }

    private enum Outcome<Value> {
        case answer(Value)
        case ended(Wait.Outcome)
        case impossible(String)
    }

    /// Calls a function that blocks as long as it likes, and leaves it behind when the time is up.
    private static func onThread<Value: Sendable>(
        _ wait: Wait, _ call: @escaping @Sendable () -> Value
    ) -> Outcome<Value> {
        guard let answer = Answer<Value>() else {
            return .impossible("this process has no file descriptor left")
        }
        let started = WorkerThread.start {
            let value = call()
            answer.value.withLock { $0 = value }
            Descriptors.writeByte(answer.writer)
        }
        guard started else { return .impossible("this system has no thread left") }
        let outcome = wait.until(answer.reader, events: POLLIN)
        guard outcome == .ready else { return .ended(outcome) }
        return answer.value.withLock { $0 }.map { .answer($0) } ?? .impossible("the resolver gave no answer")
    }

    /// Blocks, unless the flags say that the text is an address. The corresponding C function is `getaddrinfo`.
    static func lookUp(_ name: String, flags: Int32) -> Resolution {
        var hints = addrinfo()
        hints.ai_flags = flags
        #if canImport(Glibc)
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
        hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(name, nil, &hints, &list)
        guard code == 0 else { return .failed(fault(code), text: reason(name, code)) }
        defer { freeaddrinfo(list) }
        var addresses: [ResolvedAddress] = []
        var canonical: String?
        var entry = list
        while let current = entry {
            if let name = current.pointee.ai_canonname { canonical = String(cString: name) }
            if let address = ResolvedAddress(current.pointee), !addresses.contains(address) {
                addresses.append(address)
            }
            entry = current.pointee.ai_next
        }
        guard !addresses.isEmpty else { return .failed(.nameNotFound, text: reason(name, EAI_NONAME)) }
        let differs = canonical.map { $0.lowercased() != name.lowercased() } ?? false
        return .addresses(addresses, canonical: differs ? canonical : nil)
    }

    /// Only these two say that the resolver, and not the name, is at fault.
    private static func fault(_ code: Int32) -> NetworkFault {
        code == EAI_AGAIN || code == EAI_FAIL ? .nameTemporary : .nameNotFound
    }

    /// In libpq's own form, so that both read alike.
    private static func reason(_ name: String, _ code: Int32) -> String {
        let words = gai_strerror(code).map { String(cString: $0) } ?? "error \(code)"
        return "could not translate host name \"\(VisibleText.line(name))\" to address: \(words)"
    }
}
