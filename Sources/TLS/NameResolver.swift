#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CSystem
import Diagnosis
import Workers

/// Names to addresses without ever blocking past a deadline.
///
/// `getaddrinfo` blocks as long as the system's resolver likes and cannot be cancelled, so it runs on a thread of
/// its own; who asked leaves when the time is up, and the late answer is dropped. All who ask for one name at the same
/// time share one call, and there are never more than a few threads that wait for a resolver.
package enum NameResolver {
    package enum Resolution: Sendable {
        /// In the system's order; the canonical name where it is another than the one asked for.
        case addresses([ResolvedAddress], canonical: String?)
        case failed(NetworkFault, text: String)
        case timedOut
        case cancelled
    }

    private static let crew = Crew(limit: 32)
    private static let lookUps = SharedCalls<Resolution>(crew)
    private static let aliasLookUps = SharedCalls<[String]>(crew)

    package static func resolve(_ name: String, wait: Wait) -> Resolution {
        switch lookUps.answer(to: name, wait, { lookUp(name, flags: AI_CANONNAME) }) {
        case .answer(let resolution): resolution
        case .cancelled: .cancelled
        case .timedOut: .timedOut
        case .noDescriptor: .failed(.noDescriptor, text: AddressProbe.text(EMFILE))
        }
    }

    /// The names that a name is an alias of (CNAME), from the first to the one that has the address; none where
    /// nobody answers in time.
    ///
    /// - Parameter server: stands in for those of resolv.conf: an IPv4 address and a port.
    package static func aliases(
        of name: String, server: (address: String, port: Int)? = nil, wait: Wait
    ) -> [String] {
        let key = server.map { "\(name) \($0.address) \($0.port)" } ?? name
        let outcome = aliasLookUps.answer(to: key, wait) {
            var names = [CChar](repeating: 0, count: 16_384)
            let count = csys_aliases(
                name, server?.address, Int32(server?.port ?? 0), &names, Int32(names.count))
            guard count > 0 else { return [String]() }
            return String(cArray: names).split(separator: "\n").map(String.init)
        }
        guard case .answer(let names) = outcome else { return [] }
        return names
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
        errno = 0
        let code = getaddrinfo(name, nil, &hints, &list)
        // What the C library could not open it takes for a resolver that does not answer.
        if code != 0, code != EAI_NONAME, [EMFILE, ENFILE].contains(errno) {
            return .failed(.noDescriptor, text: AddressProbe.text(errno))
        }
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
