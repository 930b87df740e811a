#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import COpenSSL

/// What a connection's TLS came to.
struct TLSDetail {
    /// `TLSv1.3, certificate good for 312 days, root Amazon RDS eu-west-1 Root CA RSA2048 G1, for orders.cluster-… and 2
    /// more, chain of 2, TLS_AES_256_GCM_SHA384`; only the first and the last where OpenSSL cannot be asked.
    let line: String
    /// The names in the server's certificate, with blanks between: taken apart only where somebody asks, as there may
    /// be hundreds.
    private(set) var names = ""

    /// All of them with blanks between, or none where there are more than anybody's certificate has.
    static func names(in tls: UnsafeMutableRawPointer) -> String {
        let text = String(unsafeUninitializedCapacity: 65_536) { buffer in
            buffer.withMemoryRebound(to: CChar.self) { characters in
                guard let start = characters.baseAddress, copenssl_names(tls, start, characters.count) == 0
                else { return 0 }
                return strlen(start)
            }
        }
        // A name that would do anything to a terminal is no name of a host.
        return text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f } ? text : ""
    }

    init(_ connection: LibpqConnection) {
        // What is most often asked first: a narrow screen shows no more.
        var words = [connection.tlsAttribute("protocol")].compactMap { $0 }
        var peer = copenssl_peer()
        if let tls = connection.tls, copenssl_look(tls, &peer) == 0 {
            let days = Int((Double(peer.not_after) - Date().timeIntervalSince1970) / 86_400)
            words.append("certificate good for \(days) \(days == 1 ? "day" : "days")")
            names = Self.names(in: tls)
            let root = ServerText.line(of: peer.root)
            if !root.isEmpty { words.append("root \(root)") }
            if !names.isEmpty {
                let first = String(names.utf8.prefix { $0 != 0x20 }) ?? ""
                let more = names.utf8.reduce(0) { $0 + ($1 == 0x20 ? 1 : 0) }
                words.append("for \(first)\(more > 0 ? " and \(more) more" : "")")
            }
            words.append("chain of \(peer.chain_length)")
        }
        if let cipher = connection.tlsAttribute("cipher") { words.append(cipher) }
        line = words.isEmpty ? "TLS is up" : words.joined(separator: ", ")
    }
}
