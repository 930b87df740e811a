#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import COpenSSL
import Diagnosis
import Synchronization
import Workers

/// The root certificates that servers are checked against, read on first use: the system's take some 20 ms. Files that
/// are named are read again where they have changed since: a proxy outlives its authorities, and is to hear of a
/// certificate that was revoked.
package final class TrustStore: Sendable {
    /// Why they could not be read.
    package struct Failure: Error, Sendable, Hashable {
        package var text: String
    }

    /// OpenSSL's context is made once, shared by all connections and safe for threads after that
    /// (OpenSSL documentation, "openssl-threads").
    final class Roots: @unchecked Sendable {
        let pointer: OpaquePointer
        init(_ pointer: OpaquePointer) { self.pointer = pointer }
        deinit { copenssl_trust_free(pointer) }
    }

    private let bundle: String?
    private let limits: TLSLimits
    private let loaded = Mutex<(roots: Roots, files: [FileMark?])?>(nil)

    /// - Parameters:
    ///   - bundle: a PEM file; nil for the system's own.
    ///   - limits: what is asked of connections beyond a certificate by these roots.
    package init(bundle: String?, limits: TLSLimits = TLSLimits()) {
        (self.bundle, self.limits) = (bundle, limits)
    }

    /// OpenSSL would wait at a pipe for somebody to write into it, and does not say why it cannot open a file.
    private static func problem(_ bundle: String) -> Failure? {
        guard Descriptors.isPipe(bundle) else {
            let file = open(bundle, O_RDONLY | O_CLOEXEC)
            guard file < 0 else {
                Descriptors.close(file)
                return nil
            }
            let why = AddressProbe.text(errno)
            return Failure(text: "the CA bundle \(VisibleText.line(bundle)) cannot be read: \(why)")
        }
        return Failure(text: "the CA bundle \(VisibleText.line(bundle)) \(CauseCode.pipeWords)")
    }

    /// Reads them now, so that what stands in the way is known.
    package func check() throws(Failure) { _ = try load() }

    func load() throws(Failure) -> Roots {
        // Before they are read: what changes meanwhile is read once more the next time.
        let files = ([bundle].compactMap { $0 } + limits.files).map { FileMark($0) }
        let result: Result<Roots, Failure> = loaded.withLock { slot in
            if let slot, slot.files == files { return .success(slot.roots) }
            var words = [CChar](repeating: 0, count: 256)
            if let bundle, let problem = Self.problem(bundle) { return .failure(problem) }
            let pointer =
                if let bundle {
                    bundle.withCString { copenssl_trust_new($0, &words, words.count) }
                } else {
                    copenssl_trust_new(nil, &words, words.count)
                }
            guard let pointer else {
                let text = VisibleText.line(String(cArray: words))
                let place =
                    bundle.map { "the CA bundle \(VisibleText.line($0))" } ?? "the system's CA certificates"
                return .failure(Failure(text: "\(place) cannot be read: \(text)"))
            }
            let roots = Roots(pointer)
            if let text = limits.apply(to: pointer) { return .failure(Failure(text: text)) }
            slot = (roots, files)
            return .success(roots)
        }
        return try result.get()
    }
}
